package dev.brood.examples;

import dev.brood.Brood;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.ResourceLimit;
import dev.brood.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A child that is held short: in a cgroup of its own with a memory limit (where there are cgroups of version 2 that may be changed, and the
 * memory controller among them), as another user (where this is root), without a way to more privileges, its new files for itself only, a
 * hundred descriptors at most, dying with this program. It prints what it sees of that.
 */
public final class Confined {
    private static final int NOBODY = 65_534;
    private static final int DESCRIPTORS = 100;
    private static final String MEMORY = Long.toString(64L << 20);
    private static final Pattern TOLD =
            Pattern.compile("(Umask|Uid|Gid|Groups|NoNewPrivs|CapEff):.*|Max open files.*|0::.*");

    private Confined() {}

    /**
     * Starts it and shows what it printed.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Optional<Path> cgroup = cgroup();
        try (Brood brood = Brood.open()) {
            Command command = Command.of("cat", "/proc/self/status", "/proc/self/limits", "/proc/self/cgroup")
                    .umask(077)
                    .limit(ResourceLimit.DESCRIPTORS, DESCRIPTORS)
                    .noNewPrivileges()
                    .parentDeathSignal(Signal.KILL);
            if ("root".equals(System.getProperty("user.name"))) {
                command = command.user(NOBODY, NOBODY);
            }
            if (cgroup.isPresent()) {
                command = command.cgroup(cgroup.get());
            }
            Collected child = brood.run(command).check();
            child.stdoutText()
                    .lines()
                    .filter(line -> TOLD.matcher(line).matches())
                    .forEach(System.out::println);
        } finally {
            if (cgroup.isPresent()) {
                Files.delete(cgroup.get());
            }
        }
    }

    /** Makes a cgroup with a memory limit, where that can be had. */
    private static Optional<Path> cgroup() throws IOException {
        Optional<Path> root = Stream.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
                .map(Path::of)
                .filter(mount -> Files.isWritable(mount.resolve("cgroup.procs")))
                .filter(mount -> Files.exists(mount.resolve("cgroup.subtree_control")))
                .findFirst();
        if (root.isEmpty()) {
            System.out.println("no cgroups of version 2 that may be changed here");
            return Optional.empty();
        }
        Path cgroup = Files.createDirectory(
                root.get().resolve("brood-" + ProcessHandle.current().pid()));
        Path limit = cgroup.resolve("memory.max");
        if (Files.exists(limit)) {
            Files.writeString(limit, MEMORY, StandardOpenOption.WRITE);
        } else {
            System.out.println("no memory controller here: the cgroup is without a limit");
        }
        return Optional.of(cgroup);
    }
}
