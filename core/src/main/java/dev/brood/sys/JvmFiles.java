package dev.brood.sys;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which of the descriptors 0, 1 and 2 are files of the JVM's own. Where it was started without them, what it opens first gets their numbers: its
 * {@code lib/modules}, and jars. Neither is close-on-exec, so a child that inherited them would read the one and write to the other.
 */
public final class JvmFiles {
    private static final int STANDARD = 3;
    static final int F_GETFL = 3;
    static final int O_ACCMODE = 3;

    private JvmFiles() {}

    /** {@return whether this is one, and so none for anybody else} */
    public static boolean has(int number) {
        return number < STANDARD && Found.NUMBERS.contains(number);
    }

    /** {@return these numbers less those that are} */
    public static NavigableSet<Integer> without(NavigableSet<Integer> numbers) {
        if (Found.NUMBERS.isEmpty()) {
            return numbers;
        }
        NavigableSet<Integer> others = new TreeSet<>(numbers);
        others.removeAll(Found.NUMBERS);
        return Collections.unmodifiableNavigableSet(others);
    }

    /** Looked for once: the JVM opened them before any code of ours ran. */
    private static final class Found {
        static final Set<Integer> NUMBERS = find();

        private static Set<Integer> find() {
            Set<Integer> found = new HashSet<>();
            for (int number = 0; number < STANDARD; number++) {
                String link = "/proc/self/fd/" + number;
                boolean likely = isReadOnly(number) && FileStatus.isFile(link.getBytes(StandardCharsets.US_ASCII));
                if (likely && isOurs(Path.of(link))) {
                    found.add(number);
                }
            }
            return found;
        }

        private static boolean isReadOnly(int number) {
            long flags = SystemCall.FCNTL.retried(number, F_GETFL);
            return flags >= 0 && (flags & O_ACCMODE) == Fd.O_RDONLY;
        }

        private static boolean isOurs(Path link) {
            try {
                return isOurs(link, System.getProperty("java.home", "") + "/lib/modules")
                        || isOurs(link, System.getProperty("java.class.path", ""))
                        || isOurs(link, System.getProperty("jdk.module.path", ""));
            } catch (IOException
                    | IllegalArgumentException unnamed) { // it has no name any more, or none in this locale
                return false;
            }
        }

        /** Whether it is in a list of files, and of folders that hold jars. */
        private static boolean isOurs(Path link, String list) throws IOException {
            Path file = link.toRealPath();
            boolean jar = file.toString().endsWith(".jar");
            for (String name : list.split(File.pathSeparator, -1)) {
                Path place = Path.of(name);
                if (!name.isEmpty() && (isSame(file, place) || (jar && isSame(file.resolveSibling("."), place)))) {
                    return true;
                }
            }
            return false;
        }

        private static boolean isSame(Path one, Path other) {
            try {
                return Files.isSameFile(one, other);
            } catch (IOException missing) {
                return false;
            }
        }
    }
}
