package dev.brood.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Ownership;
import dev.brood.sys.ProcFs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** After every test: no zombie, no live child, no thread of a loop, and no more descriptors than before. Comes with {@link Contract}. */
public final class Leftovers implements BeforeEachCallback, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(Leftovers.class);
    private static final Set<Object> REPORTED = ConcurrentHashMap.newKeySet();
    private static final long PATIENCE =
            TimeUnit.SECONDS.toNanos(5); // the JDK's own reaper, for one, ends in its own time

    static {
        openWhatTheJdkKeeps();
        openWhatTheLibraryKeeps();
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        test.getStore(NAMESPACE).put("descriptors", descriptors().size());
    }

    @Override
    public void afterEach(ExtensionContext test) {
        int before = Objects.requireNonNull(test.getStore(NAMESPACE).get("descriptors", Integer.class));
        requireNone("children left", Leftovers::children);
        requireNone("loop threads left", Leftovers::loopThreads);
        assertThat(settled(Leftovers::descriptors, open -> open.size() <= before))
                .as("descriptors left")
                .hasSizeLessThanOrEqualTo(before);
    }

    /** The descriptors of this process that a library like ours could have opened. */
    public static List<String> descriptors() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.map(Leftovers::target)
                    .filter(Objects::nonNull)
                    .filter(Leftovers::isOurKind)
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The children of this process, zombies included. */
    public static List<ProcFs.Listed> children() {
        try {
            return ProcFs.children();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** How many of the library's threads the kernel still has: one that was joined leaves a moment later. */
    public static int threads() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/task"))) {
            return (int) all.map(Leftovers::nameOf)
                    .filter(name -> name.startsWith("brood"))
                    .count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Closing its first socket, the JDK opens another that it keeps. */
    private static void openWhatTheJdkKeeps() {
        try {
            SocketChannel.open().close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * The handler of SIGCHLD writes to a descriptor that stays, for one may be running still after it was removed; starts hold a few low
     * descriptors, from the first on.
     */
    private static void openWhatTheLibraryKeeps() {
        try (Log _ = Log.open();
                Brood brood = Brood.builder().ownership(Ownership.everything()).build()) {
            brood.run(Small.exit(0));
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** What one test has left is told once: the tests after it are not to blame. */
    private static <T> void requireNone(String what, Supplier<List<T>> look) {
        List<T> left = settled(
                () -> look.get().stream().filter(one -> !REPORTED.contains(one)).toList(), List::isEmpty);
        REPORTED.addAll(left);
        assertThat(left).as(what).isEmpty();
    }

    private static List<String> loopThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("brood-") && !name.equals("brood-parent")) // which stays
                .toList();
    }

    private static String nameOf(Path thread) {
        try {
            return Files.readString(thread.resolve("comm"));
        } catch (IOException ended) {
            return "";
        }
    }

    /** What the JVM opens for itself, when it likes: class files, its image, random numbers. */
    private static boolean isOurKind(String target) {
        return !target.endsWith(".jar")
                && !target.endsWith("/modules")
                && !target.contains("/proc/")
                && !target.endsWith("random");
    }

    private static @Nullable String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return null;
        }
    }

    private static <T> T settled(Supplier<T> look, Predicate<T> good) {
        long end = System.nanoTime() + PATIENCE;
        T seen = look.get();
        while (!good.test(seen) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
            seen = look.get();
        }
        return seen;
    }
}
