package dev.brood.spawn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The name of a child's directory, as PWD has it: absolute, and without "." (POSIX.1-2017, Environment Variables). One that holds ".." keeps it,
 * because only the file system knows what that means behind a symbolic link; a shell finds another name itself then.
 */
final class WorkingDirectory {
    private WorkingDirectory() {}

    /** {@return the absolute name of a directory that is given as seen from ours} */
    static Bytes of(Bytes directory) {
        Bytes absolute = directory.indexOf('/') == 0 ? directory : Ours.NAME.joined('/', directory);
        String name = new String(absolute.array(), StandardCharsets.ISO_8859_1); // a char is a byte
        return hasDots(name) ? Bytes.of(withoutDots(name).getBytes(StandardCharsets.ISO_8859_1)) : absolute;
    }

    private static boolean hasDots(String name) {
        return name.contains("/./") || name.endsWith("/.") || name.contains("//");
    }

    private static String withoutDots(String name) {
        StringBuilder clean = new StringBuilder();
        for (String element : name.split("/", -1)) {
            if (!element.isEmpty() && !element.equals(".")) {
                clean.append('/').append(element);
            }
        }
        return clean.isEmpty() ? "/" : clean.toString();
    }

    /** Ours, which a JVM never changes; what Java makes of its name may have lost bytes. */
    private static final class Ours {
        static final Bytes NAME = read();

        private static Bytes read() {
            try {
                return Bytes.of(Files.readSymbolicLink(Path.of("/proc/self/cwd")));
            } catch (IOException noProc) {
                return Bytes.of(Path.of("").toAbsolutePath());
            }
        }
    }
}
