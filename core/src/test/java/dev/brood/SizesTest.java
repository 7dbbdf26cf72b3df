package dev.brood;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One idea a file: none in any module is longer than a few screens, but those that are listed here with a reason. */
class SizesTest {
    private static final int MOST = 300; // lines that are neither blank nor comment
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|(?m)^\\s*//[^\n]*$");
    private static final Path MODULES = Path.of("..");

    private static final Map<String, String> LONGER =
            Map.of("Command.java", "says as many things as there are to say of a command, and does none of them");

    @Test
    void fileHoldsOneIdea() throws Exception {
        Map<String, Long> longer = new TreeMap<>();
        for (Path file : sources()) {
            long lines = lines(Files.readString(file));
            if (lines > MOST) {
                longer.put(file.getFileName().toString(), lines);
            }
        }

        assertThat(longer).containsOnlyKeys(LONGER.keySet());
    }

    @Test
    void commentsAndBlankLinesDoNotCount() {
        assertThat(lines("/* a\n b */\nclass A { // c\n\n    // d\n    /** e */\n    int f;\n}\n"))
                .isEqualTo(3);
    }

    private static long lines(String source) {
        return COMMENT.matcher(source)
                .replaceAll("")
                .lines()
                .filter(line -> !line.isBlank())
                .count();
    }

    private static List<Path> sources() throws IOException {
        List<Path> all = new ArrayList<>();
        try (Stream<Path> modules = Files.list(MODULES)) {
            modules.map(module -> module.resolve("src").resolve("main").resolve("java"))
                    .filter(Files::isDirectory)
                    .forEach(root -> addSources(root, all));
        }
        assertThat(all).isNotEmpty();
        return all;
    }

    private static void addSources(Path root, List<Path> to) {
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(to::add);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
