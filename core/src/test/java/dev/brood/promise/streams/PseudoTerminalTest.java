package dev.brood.promise.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Exited;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.Stdio;
import dev.brood.sys.Kill;
import dev.brood.testing.Contract;
import dev.brood.testing.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Children on a terminal of their own. */
class PseudoTerminalTest {
    private Brood brood;

    @BeforeEach
    void open() {
        brood = Brood.open();
    }

    @AfterEach
    void close() {
        brood.close(Closing.stop(Duration.ZERO));
    }

    @Test
    @Contract({"I01", "I12"})
    void childHasATerminalOfThatSizeWhichIsItsControllingOne() throws Exception {
        Child child = brood.spawn(Shell.script("tty -s && stty size < /dev/tty; test -t 1 -a -t 2 && echo all")
                .terminal(31, 97));

        assertThat(all(child)).isEqualTo("31 97\r\nall\r\n");
        assertThat(child.closed().join().status()).isEqualTo(new Exited(0));
    }

    @Test
    @Contract({"I12", "I03"})
    void everythingWrittenBeforeTheEndArrivesAndTheEndIsComplete() throws Exception {
        for (int i = 0; i < 100; i++) {
            Child child = brood.spawn(Shell.script("seq 500").rawTerminal(24, 80));

            String all = all(child);

            assertThat(all).startsWith("1\n2\n").endsWith("499\n500\n");
            assertThat(child.closed().join().status()).isEqualTo(new Exited(0));
        }
    }

    @Test
    @Contract({"I01", "I12"})
    void newSizeReachesTheChildAsASignal() throws Exception {
        Child child = brood.spawn(Shell.script("trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.01; done")
                .terminal(24, 80));
        InputStream stream = child.stdout().stream();
        assertThat(stream.readNBytes(7)).asString(US_ASCII).isEqualTo("ready\r\n");

        assertThat(child.resize(50, 132)).isTrue();

        assertThat(new String(stream.readAllBytes(), US_ASCII)).isEqualTo("50 132\r\n");
        assertThat(child.await().status()).isEqualTo(new Exited(0));
        assertThat(child.resize(24, 80)).isFalse();
    }

    @Test
    @Contract({"I12", "I06"})
    void closingTheInputIsTheEndOfFileAlsoInsideALine() throws Exception {
        Child whole = brood.spawn(
                Shell.script("stty -echo; echo ready; cat; echo over").terminal(24, 80));
        Child begun = brood.spawn(
                Shell.script("stty -echo; echo ready; cat; echo over").terminal(24, 80));
        InputStream wholes = ready(whole);
        InputStream beguns = ready(begun);

        write(whole, "line\n");
        whole.stdin().close();
        write(begun, "line");
        begun.stdin().close();

        assertThat(new String(wholes.readAllBytes(), US_ASCII)).isEqualTo("line\r\nover\r\n");
        assertThat(new String(beguns.readAllBytes(), US_ASCII)).isEqualTo("lineover\r\n");
    }

    @Test
    @Contract("I12")
    void interruptCharacterIsASignalUnlessRaw() throws Exception {
        Child cooked = brood.spawn(Shell.script("echo ready; exec sleep 1000").terminal(24, 80));
        Child raw =
                brood.spawn(Shell.script("echo ready; head -c 1 | od -An -tx1").rawTerminal(24, 80));
        InputStream _ = ready(cooked);
        InputStream raws = raw.stdout().stream();
        assertThat(raws.readNBytes(6)).asString(US_ASCII).isEqualTo("ready\n");

        write(cooked, "\u0003");
        write(raw, "\u0003");

        assertThat(cooked.await().status()).isEqualTo(new Signaled(Signal.INT, false));
        assertThat(new String(raws.readAllBytes(), US_ASCII).strip()).isEqualTo("03");
    }

    @Test
    @Contract({"I12", "I02"})
    void endOfFileHangUpAndExitInAnyOrderGiveOneResult() throws Exception {
        String[] orders = {
            "exit 3", // all at once
            "exec 0<&- 1>&- 2>&-; exit 3", // closed, then exit
            "sleep 0.02; exit 3",
            "(sleep 0.02) & exit 3", // exit, then closed by a descendant
            "(trap '' HUP; sleep 0.02) & exit 3", // which the hang-up does not end
            "exec 0<&-; echo text; exec 1>&- 2>&-; sleep 0.02; exit 3",
        };
        for (int round = 0; round < 60; round++) {
            Child child =
                    brood.spawn(Shell.script(orders[round % orders.length]).terminal(24, 80));

            String text = all(child);

            assertThat(child.closed().join().status()).as("order %d", round % 6).isEqualTo(new Exited(3));
            assertThat(text).isIn("", "text\r\n");
        }
    }

    @Test
    @Contract({"I12", "I02"})
    void descendantThatKeepsTheTerminalHoldsUpClosedButNotTheExit() throws Exception {
        Child child = brood.spawn(
                Shell.script("trap '' HUP; sleep 1000 & echo $!; exit 3").terminal(24, 80));
        InputStream stream = child.stdout().stream();
        String pid = line(stream);

        assertThat(child.await().status()).isEqualTo(new Exited(3));

        assertThat(child.closed()).isNotDone();
        Kill.process(Long.parseLong(pid), Signal.KILL.number());
        assertThat(stream.read()).isEqualTo(-1);
        assertThat(child.closed().join().status()).isEqualTo(new Exited(3));
    }

    @Test
    @Contract("I01")
    void whatIsSaidOtherwiseIsNotTheTerminal() throws Exception {
        Child child = brood.spawn(Shell.script("test -t 0 || echo no input; test -t 2 && echo err >&2")
                .stdin(Stdio.devNull())
                .stderr(Stdio.collect(100))
                .terminal(24, 80));

        assertThat(all(child)).isEqualTo("no input\r\n");
        assertThat(child.closed().join().status()).isEqualTo(new Exited(1));
        assertThatIllegalStateException().isThrownBy(child::stdin);
    }

    @Test
    @Contract("I01")
    void impossibleTerminalsAreRefused() throws Exception {
        assertThatIllegalArgumentException().isThrownBy(() -> Shell.script("").terminal(-1, 80));
        assertThatIllegalArgumentException().isThrownBy(() -> Shell.script("").terminal(24, 70_000));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> brood.spawn(Shell.script("").group(7).terminal(24, 80)));
        Child child = brood.spawn(Shell.sh("exit 0"));
        assertThatIllegalStateException().isThrownBy(() -> child.resize(1, 1));
        assertThat(child.await().status()).isEqualTo(new Exited(0));
    }

    private static InputStream ready(Child child) throws IOException {
        InputStream stream = child.stdout().stream();
        assertThat(stream.readNBytes(7)).asString(US_ASCII).isEqualTo("ready\r\n");
        return stream;
    }

    private static String line(InputStream stream) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = stream.read(); next != '\n'; next = stream.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private static String all(Child child) throws IOException {
        return new String(child.stdout().stream().readAllBytes(), US_ASCII);
    }

    private static void write(Child child, String text) throws IOException {
        int _ = child.stdin().write(ByteBuffer.wrap(text.getBytes(US_ASCII)));
    }
}
