package dev.brood.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Cgroups of version 2, wherever they are mounted. */
public final class Cgroups {
    private Cgroups() {}

    public static Optional<Path> make(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            String[] fields = line.split(" ", -1);
            if (fields[2].equals("cgroup2") && Files.isWritable(Path.of(fields[1]))) {
                Path made =
                        Path.of(fields[1], name + "-" + ProcessHandle.current().pid());
                return Optional.of(Files.createDirectory(made));
            }
        }
        return Optional.empty();
    }

    public static void remove(Path cgroup) throws Exception {
        Eventually.holds(
                "empty cgroup",
                () -> Files.readString(cgroup.resolve("cgroup.events")).contains("populated 0"));
        Files.delete(cgroup);
    }
}
