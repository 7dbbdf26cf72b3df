package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every size, offset, constant and system call number that this room states is what a C program printed. */
class LayoutTest {
    private static final Path PROGRAM = Path.of("src", "test", "c", "layout.c");

    @Test
    void everyFactIsWhatTheCompilerOfThisMachineSays(@TempDir Path directory) throws Exception {
        assumeTrue(Tool.onPath("cc"), "no C compiler named cc on the PATH to build layout.c with");

        Map<String, Long> printed = compiled(directory);

        assertThat(Layout.stated()).containsExactlyInAnyOrderEntriesOf(printed);
    }

    @Test
    void everyFactIsWhatWasRecordedForThisArchitecture() throws IOException {
        Map<String, Long> recorded = recorded(Platform.ARCHITECTURE.name().toLowerCase(Locale.ROOT));

        assertThat(Layout.stated()).containsExactlyInAnyOrderEntriesOf(recorded);
    }

    @ParameterizedTest
    @CsvSource({"amd64, x86_64", "aarch64, aarch64"})
    void everyFactIsWhatWasRecordedOnEitherArchitecture(String javaName, String name) throws Exception {
        Map<String, Long> stated = facts(Java.run(Layout.class, "-Dos.arch=" + javaName));

        assertThat(stated).containsExactlyInAnyOrderEntriesOf(recorded(name));
    }

    @Test
    void architecturesDifferOnlyWhereTheCodeTellsThemApart() throws IOException {
        Map<String, Long> x86 = recorded("x86_64");
        Map<String, Long> arm = recorded("aarch64");

        assertThat(x86.keySet()).containsAll(arm.keySet());
        assertThat(x86.keySet().stream()
                        .filter(name -> !Objects.equals(x86.get(name), arm.get(name)))
                        .filter(name -> !name.startsWith("SYS_")))
                .containsExactlyInAnyOrder("epoll_event.sizeof", "epoll_event.data");
    }

    @Test
    void bothCopiesOfTheCurrentDirectorysNumberAgree() {
        assertThat(FileStatus.AT_FDCWD).isEqualTo(Fd.AT_FDCWD);
    }

    private static Map<String, Long> compiled(Path directory) throws IOException, InterruptedException {
        Path program = directory.resolve("layout");
        Tool.run("cc", "-Wall", "-Werror", PROGRAM.toString(), "-o", program.toString());
        return facts(Tool.run(program.toString()));
    }

    private static Map<String, Long> recorded(String architecture) throws IOException {
        String name = "layout-" + architecture + ".txt";
        try (InputStream file = Objects.requireNonNull(LayoutTest.class.getResourceAsStream(name), name)) {
            return facts(new String(file.readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    private static Map<String, Long> facts(String lines) {
        Map<String, Long> facts = new TreeMap<>();
        lines.lines().forEach(line -> {
            int space = line.indexOf(' ');
            facts.put(line.substring(0, space), Long.decode(line.substring(space + 1)));
        });
        return facts;
    }
}
