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
import java.util.stream.Stream;

/**
 * Which of the descriptors 0, 1 and 2 are files of the JVM's own. Where it was started without them, what it opens first gets their numbers: its
 * {@code lib/modules}, and jars. Neither is close-on-exec, so a child that inherited them would read the one and write to the other.
 */
public final class JvmFiles {
    private static final int STANDARD = 3;

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
                if (FileStatus.isFile(link.getBytes(StandardCharsets.US_ASCII)) && isOurs(Path.of(link))) {
                    found.add(number);
                }
            }
            return found;
        }

        private static boolean isOurs(Path link) {
            try {
                Path file = link.toRealPath();
                Path modules = Path.of(System.getProperty("java.home", ""), "lib", "modules");
                return isSame(file, modules) || paths().anyMatch(place -> isSame(file, place) || holds(place, file));
            } catch (IOException
                    | IllegalArgumentException unnamed) { // a file that is deleted, or has no name in this locale
                return false;
            }
        }

        private static Stream<Path> paths() {
            return Stream.of("java.class.path", "jdk.module.path")
                    .flatMap(name -> Stream.of(System.getProperty(name, "").split(File.pathSeparator, -1)))
                    .filter(place -> !place.isEmpty())
                    .map(Path::of);
        }

        private static boolean holds(Path folder, Path file) {
            return file.toString().endsWith(".jar") && file.getParent() != null && isSame(file.getParent(), folder);
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
