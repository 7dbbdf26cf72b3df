package dev.brood.testing;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.sys.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A shell that has stopped itself, with nothing opened and nothing changed, so that /proc shows how it was started. */
public record StoppedChild(Child child) {
    private static final Command COMMAND = Command.of("/bin/sh", "-c", "kill -STOP $$", "sh");
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    /** Starts one, its standard descriptors all /dev/null. */
    public static StoppedChild start(Brood brood) throws IOException {
        return start(
                brood,
                command ->
                        command.stdin(Stdio.devNull()).stdout(Stdio.devNull()).stderr(Stdio.devNull()));
    }

    /** Starts one as asked. */
    public static StoppedChild start(Brood brood, UnaryOperator<Command> change) throws IOException {
        return start(brood, change.apply(COMMAND));
    }

    /** Starts a command of which the caller knows that it stops itself. */
    public static StoppedChild start(Brood brood, Command command) throws IOException {
        StoppedChild started = new StoppedChild(brood.spawn(command));
        long end = System.nanoTime() + PATIENCE;
        while (!started.status("State").startsWith("T")) {
            if (System.nanoTime() - end > 0 || !started.child.isActive()) {
                throw new AssertionError("the child did not stop: " + started.child);
            }
            LockSupport.parkNanos(100_000);
        }
        return started;
    }

    /** A field of its status. */
    public String status(String field) throws IOException {
        return ProcFs.status(Long.toString(child.pid()), field).orElse("gone");
    }

    /** A set of signals of its status. */
    public long signals(String field) throws IOException {
        return Long.parseUnsignedLong(status(field), 16);
    }

    /** A file of its directory in /proc. */
    public byte[] file(String name) throws IOException {
        return Files.readAllBytes(directory().resolve(name));
    }

    /** Its descriptors, and what each is. */
    public NavigableMap<Integer, String> descriptors() throws IOException {
        return descriptors(directory());
    }

    /** Its descriptors once they are as expected, or after some patience: a program's loader opens and closes libraries. */
    public NavigableMap<Integer, String> settledDescriptors(Map<Integer, String> expected) throws IOException {
        long end = System.nanoTime() + PATIENCE / 4;
        NavigableMap<Integer, String> seen = descriptors();
        while (!seen.equals(expected) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(100_000);
            seen = descriptors();
        }
        return seen;
    }

    /** The JVM's descriptors, and what each is. */
    public static NavigableMap<Integer, String> ownDescriptors() throws IOException {
        return descriptors(Path.of("/proc/self"));
    }

    /** What one of the JVM's descriptors is. */
    public static String own(int number) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/fd/" + number)).toString();
    }

    private Path directory() {
        return Path.of("/proc/" + child.pid());
    }

    private static NavigableMap<Integer, String> descriptors(Path process) throws IOException {
        NavigableMap<Integer, String> targets = new TreeMap<>();
        try (Stream<Path> links = Files.list(process.resolve("fd"))) {
            for (Path link : links.toList()) {
                int number = Integer.parseInt(String.valueOf(link.getFileName()));
                target(link).ifPresent(target -> targets.put(number, target));
            }
        }
        return targets;
    }

    /** Empty where it was closed meanwhile. */
    private static Optional<String> target(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException closed) {
            return Optional.empty();
        }
    }
}
