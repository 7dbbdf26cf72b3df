package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code run} and {@code each} do to the terminal that they are started on (issue 24, 9 and 12). The timeout only bounds a hang. */
@Timeout(120)
class OnTerminalTest {
    @TempDir
    Path folder;

    @Test
    @Contract("T14")
    void commandUnderADeadlineReadsTheTerminalAlsoFromAScript() throws Exception {
        try (Screen screen =
                Screen.of(folder, "$brood run --deadline 1h -- sh -c 'echo up; read x; echo got $x'; echo after")) {
            screen.await("up");

            screen.type("hello\n");

            assertThat(screen.rest()).contains("got hello", "after");
        }
    }

    @ParameterizedTest
    @CsvSource({"--deadline 1h", "--reach child"})
    void keyReachesTheCommandOnce(String options) throws Exception {
        String child = "trap \"echo caught\" INT; echo up; read x; echo got $x; exit 5";
        try (Screen screen = Screen.of(
                folder, "trap : INT; $brood run " + options + " -- bash -c '" + child + "'; echo status $?")) {
            screen.await("up");

            screen.type(Screen.CTRL_C);
            screen.await("caught");
            screen.type("line\n");

            assertThat(screen.rest().replaceFirst("caught", ""))
                    .contains("status 5")
                    .doesNotContain("caught");
        }
    }

    @ParameterizedTest
    @CsvSource({"run --deadline 1h -- sh", "run -- sh"})
    void shellSeesThatCtrlZHasStoppedItAndLetsItGoOn(String line) throws Exception {
        Files.writeString(folder.resolve("child"), "echo u''p; read x; echo g''ot $x");
        try (Screen screen = Screen.interactive(folder)) {
            screen.await("$ ");
            screen.type("$brood " + line + " child; echo status $?\n");
            screen.await("up");

            screen.type(Screen.CTRL_Z);
            screen.await("Stopped");
            screen.type("fg\n");
            screen.await("child");
            screen.type("hello\n");

            screen.await("got hello");
            screen.type("exit\n");
        }
    }

    @Test
    @Contract("T14")
    void jobThatAsksIsNamedAndStoppedAndEndsWithTheOthers() throws Exception {
        String script = "trap : INT; echo one | $brood each -- sh -c 'read x < /dev/tty'; echo status $?";
        try (Screen screen = Screen.of(folder, script)) {
            screen.await("brood: one: asks on the terminal, and is stopped (--tty lends it)");

            screen.type(Screen.CTRL_C);

            assertThat(screen.rest()).contains("status 130");
        }
    }

    @Test
    @Contract("T14")
    void unitThatAsksIsNamedAndCanBeStopped() throws Exception {
        Files.writeString(folder.resolve("Procfile"), "web: read x < /dev/tty; echo never\n");
        try (Screen screen = Screen.of(folder, "trap : INT; $brood up --color=never; echo status $?")) {
            screen.await("web.1: asks on the terminal, and is stopped");

            screen.type(Screen.CTRL_C);

            assertThat(screen.rest()).contains("status 0");
        }
    }

    @Test
    void jobsThatAskAreAnsweredOneAtATime() throws Exception {
        String child = "read x < /dev/tty; echo $x; read y < /dev/tty; echo $y";
        String script = "seq 2 | $brood each -q --tty -j 2 -- sh -c '" + child + "' > out; echo status $?";
        try (Screen screen = Screen.of(folder, script)) {
            screen.await("asks on the terminal");
            screen.type("a\nb\n");
            screen.await("asks on the terminal");

            screen.type("c\nd\n");

            assertThat(screen.rest()).contains("status 0");
        }
        assertThat(folder.resolve("out")).content().isIn("a\nb\nc\nd\n", "c\nd\na\nb\n");
    }

    /** Issue 24, 11: what is drawn waits, nothing else does. */
    @Test
    @Contract("T18")
    void terminalThatIsHeldHoldsUpNoDeadline() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        String script = "echo one | $brood each --deadline 1s -- sh -c 'echo up > fifo; exec sleep 1000 > fifo'";
        try (Screen screen = Screen.of(folder, "echo ready; read go; " + script)) {
            screen.await("ready");
            screen.type("go\n" + Screen.CTRL_S);
            try (BufferedReader held = Files.newBufferedReader(fifo)) {
                assertThat(held.readLine()).isEqualTo("up");
                assertThat(held.read()).as("the end, by the deadline").isNegative();
            }

            screen.type(Screen.CTRL_Q);

            assertThat(screen.rest()).contains("at the deadline");
        }
    }

    @Test
    @Contract("T18")
    void terminalThatIsHeldHoldsUpNoSignal() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        String script =
                "exec $brood init -s -vvv -- sh -c 'trap \"echo heard > fifo\" USR1; echo $PPID > fifo; while :; do sleep 0.02; done'";
        try (Screen screen = Screen.of(folder, "echo ready; read go; " + script)) {
            screen.await("ready");
            screen.type("go\n" + Screen.CTRL_S);
            try (RandomAccessFile heard =
                    new RandomAccessFile(fifo.toFile(), "rw")) { // a writer too, so that it does not end
                String pid = heard.readLine();
                for (int i = 0; i < 20; i++) {
                    assertThat(new ProcessBuilder("kill", "-USR1", pid).start().waitFor())
                            .isZero();
                    assertThat(heard.readLine()).isEqualTo("heard");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run -- | stty raw -echo; kill -9 $$ | same",
                "run --deadline 300ms -- | stty raw -echo; exec sleep 1000 | same",
                "run --reach child --deadline 300ms -- | stty raw -echo; exec sleep 1000 | same",
                "run -- | stty -echo | other",
                "run --deadline 1h -- | stty -echo | other",
                "run -- | stty -echo; exit 3 | other",
            })
    @Contract("T15")
    void modesAreAsBeforeWhereTheCommandWasCutShort(String line, String child, String modes) throws Exception {
        String script = "stty -g > before; $brood " + line + " sh -c '" + child + "'; stty -g > after;"
                + " cmp -s before after && echo modes: same || echo modes: other";
        try (Screen screen = Screen.of(folder, script)) {
            assertThat(screen.rest()).contains("modes: " + modes);
        }
    }
}
