package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.testing.Contract;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The environment, byte for byte, and without a side effect. */
class EnvironTest {
    @Test
    @Contract("S04")
    void isWhatTheKernelHasOfThisProcess() throws Exception {
        String started = new String(Files.readAllBytes(Path.of("/proc/self/environ")), StandardCharsets.ISO_8859_1);

        assertThat(Text.texts(Environ.read())).contains(started.split("\0", 0));
    }

    @Test
    @Contract("S04")
    void bytesThatTheLocaleCannotDecodeAreKept() throws Exception {
        try (PosixSpawn start = new PosixSpawn()) {
            CStrings environment = Text.strings("LC_ALL=C", "A=\u00ff\u00c3(", "EMPTY=", "=odd", "A=again", "NOTHING");

            String read = Java.run(start, environment, Printer.class);

            assertThat(read).isEqualTo("LC_ALL=C|A=%ff%c3(|EMPTY=|=odd|A=again|NOTHING|\n");
        }
    }

    @Test
    void emptyEnvironmentIsEmpty() throws Exception {
        assertThat(Java.run(Printer.class)).isEqualTo("\n");
    }

    @Test
    @Contract("R02")
    void readingItLeavesSigchldAlone() throws Exception {
        try (PosixSpawn start = new PosixSpawn()) {
            String seen = Java.run(start, Text.strings("A=B"), IgnoringSigchld.class);

            assertThat(seen).isEqualTo("ignored true, after Environ true, after System.getenv false\n");
        }
    }

    /** Prints its environment, bytes beyond ASCII in hexadecimal. */
    static final class Printer {
        private Printer() {}

        public static void main(String[] none) {
            StringBuilder line = new StringBuilder();
            for (String entry : Text.texts(Environ.read())) {
                entry.chars().forEach(c -> line.append(c < 128 ? Character.toString(c) : "%" + Integer.toHexString(c)));
                line.append('|');
            }
            System.out.println(line);
        }
    }

    /** Ignores SIGCHLD and prints what reading the environment does about it. */
    static final class IgnoringSigchld {
        private IgnoringSigchld() {}

        public static void main(String[] none) throws Exception {
            try (Signals.Ignored sigchld = Signals.ignore(Signals.SIGCHLD)) {
                boolean before = ProcFs.ignoredSignals().contains(sigchld.signal());
                Environ.read();
                boolean after = ProcFs.ignoredSignals().contains(sigchld.signal());
                System.getenv();
                boolean atLast = ProcFs.ignoredSignals().contains(sigchld.signal());
                System.out.println(
                        "ignored " + before + ", after Environ " + after + ", after System.getenv " + atLast);
            }
        }
    }
}
