package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Reach;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.sys.Pty;
import dev.brood.sys.Terminal;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.Shell;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions, terminals and their foreground. JVMs that have a terminal are given one of their own. */
@Timeout(60)
class TerminalTest {
    private static final String STAT = "cat /proc/$$/stat";
    private static final byte CTRL_C = 3;

    /** Of /proc/PID/stat, proc_pid_stat(5). */
    private record Stat(long pid, long group, long session, long terminal, long foreground) {
        static Stat of(String line) {
            String[] fields = line.substring(line.lastIndexOf(')') + 2).strip().split(" ", -1);
            long pid = Long.parseLong(line.substring(0, line.indexOf(' ')));
            return new Stat(pid, number(fields[2]), number(fields[3]), number(fields[4]), number(fields[5]));
        }

        private static long number(String field) {
            return Long.parseLong(field);
        }
    }

    @Test
    @Contract("S10")
    void newSessionHasNoTerminal() throws Exception {
        try (Brood brood = Brood.open()) {
            Stat stat = stat(brood, sh(STAT).newSession());

            assertThat(stat.session()).isEqualTo(stat.pid());
            assertThat(stat.terminal()).isZero();
        }
    }

    @Test
    @Contract("S10")
    void controllingTerminalIsTheOneOnTheChildsDescriptor() throws Exception {
        try (Pty pty = Pty.open();
                Brood brood = Brood.open()) {
            Stdio terminal = Stdio.descriptor(pty.terminal().number());

            Stat stat = stat(
                    brood,
                    sh(STAT + "; echo reached > /dev/tty").fd(9, terminal).controllingTerminal(9));

            assertThat(stat.session()).isEqualTo(stat.pid());
            assertThat(stat.terminal()).isNotZero();
            assertThat(stat.foreground()).isEqualTo(stat.group());
            awaitText(pty, "reached");
        }
    }

    @Test
    @Contract("S10")
    void foregroundIsTheChildsUntilItEndsAndThenAsBefore() throws Exception {
        assertThat(onTerminal(Lending.class, ""))
                .containsExactly(
                        "own group has the foreground: true",
                        "as before: true",
                        "tree has the foreground: true",
                        "as before: true",
                        "tree without has it: false",
                        "joined group has the foreground: true",
                        "as before: true",
                        "modes changed by the child: ended well",
                        "as before: true",
                        "killed: was killed by signal KILL",
                        "as before: true",
                        "failed: PROGRAM ENOENT",
                        "as before: true",
                        "handed over, then gone",
                        "as before: true");
    }

    @Test
    @Contract("S10")
    void ctrlCReachesTheForegroundChildAndNotTheJvm() throws Exception {
        assertThat(onTerminal(Interrupted.class, "ready"))
                .containsExactly("child: was killed by signal INT", "as before: true");
    }

    @Test
    @Contract({"S02", "S10"})
    void whereThereIsNoTerminalTheStartSaysSo() throws Exception {
        List<String> told =
                ForkedJvm.of(Without.class).under("setsid", "--wait").run().lines();

        assertThat(told).containsExactly("cannot start true: setting the foreground of the terminal: ENXIO");
    }

    /** Runs a program in a JVM that has a terminal; presses Ctrl-C there when a word is shown, if there is one. */
    private static List<String> onTerminal(Class<?> program, String word) throws Exception {
        try (Pty pty = Pty.open();
                Brood brood = Brood.open()) {
            Command jvm = Command.of(ForkedJvm.of(program).commandLine())
                    .stdin(Stdio.descriptor(pty.terminal().number()))
                    .stdout(Stdio.collect(1 << 16))
                    .stderr(Stdio.collect(1 << 16))
                    .controllingTerminal(0);
            Child child = brood.spawn(jvm);
            if (!word.isEmpty()) {
                awaitText(pty, word);
                ByteBuffer key = ByteBuffer.allocateDirect(1).put(0, CTRL_C);
                assertThat(pty.controller().write(key)).isEqualTo(1);
            }
            return child.collected().join().check().stdoutText().lines().toList();
        }
    }

    private static void awaitText(Pty pty, String wanted) throws IOException {
        StringBuilder seen = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocateDirect(1_000);
        while (seen.indexOf(wanted) < 0) {
            assertThat(pty.controller().read(buffer.clear()))
                    .as(seen.toString())
                    .isPositive();
            seen.append(StandardCharsets.UTF_8.decode(buffer.flip()));
        }
    }

    private static Command sh(String script) {
        return Command.of("/bin/sh", "-c", script);
    }

    private static Stat stat(Brood brood, Command command) throws Exception {
        return Stat.of(brood.run(command).check().stdoutText());
    }

    /** The terminal of this JVM, as it was. */
    private static final class Before implements AutoCloseable {
        private final Terminal terminal = Terminal.open();
        private final int group = terminal.foreground();
        private final byte[] modes = terminal.modes();

        Before() throws IOException {}

        void tell() throws IOException {
            boolean same = terminal.foreground() == group && Arrays.equals(terminal.modes(), modes);
            System.out.println("as before: " + same);
        }

        @Override
        public void close() {
            terminal.close();
        }
    }

    /** Lends the foreground to children that end in all ways. */
    static final class Lending {
        private Lending() {}

        public static void main(String[] arguments) throws Exception {
            try (Before before = new Before();
                    Brood brood = Brood.open()) {
                Stat own = stat(brood, sh(STAT).foreground());
                System.out.println(
                        "own group has the foreground: " + (own.group() == own.pid() && own.foreground() == own.pid()));
                before.tell();
                Stat tree = stat(brood, sh(STAT).reach(Reach.TREE).foreground());
                System.out.println("tree has the foreground: " + (tree.foreground() == tree.pid()));
                before.tell();
                Stat background = stat(brood, sh(STAT).reach(Reach.TREE));
                System.out.println("tree without has it: " + (background.foreground() == background.group()));
                Child leader = brood.spawn(Shell.sleeper().newGroup());
                Stat joined = stat(brood, sh(STAT).group(leader.pid()).foreground());
                System.out.println("joined group has the foreground: "
                        + (joined.group() == leader.pid() && joined.foreground() == leader.pid()));
                before.tell();
                leader.signal(Signal.KILL);
                leader.await();
                System.out.println("modes changed by the child: "
                        + brood.run(sh("stty raw -echo < /dev/tty").foreground())
                                .status()
                                .describe());
                before.tell();
                Child killed = brood.spawn(Shell.sleeper().foreground());
                killed.signal(Signal.KILL);
                System.out.println("killed: " + killed.await().status().describe());
                before.tell();
                fail(brood);
                before.tell();
                brood.spawn(Shell.sleeper().foreground()).killAndDrop();
                Eventually.holds("the end of what was handed over", () -> before.terminal.foreground() == before.group);
                System.out.println("handed over, then gone");
                before.tell();
            }
        }

        private static void fail(Brood brood) {
            try {
                brood.spawn(Command.of("/no/such/program").foreground());
            } catch (SpawnException failure) {
                System.out.println(
                        "failed: " + failure.step() + " " + failure.errno().orElse(""));
            }
        }
    }

    /** Has a child in the foreground that waits for Ctrl-C. */
    static final class Interrupted {
        private Interrupted() {}

        public static void main(String[] arguments) throws Exception {
            try (Before before = new Before();
                    Brood brood = Brood.open()) {
                CompletableFuture<Exit> exit = brood.spawn(Shell.quiet(sh("echo ready > /dev/tty; exec sleep 1000"))
                                .foreground())
                        .exit();
                System.out.println("child: " + exit.join().status().describe());
                before.tell();
            }
        }
    }

    /** Asks for the foreground of a terminal that it has not. */
    static final class Without {
        private Without() {}

        public static void main(String[] arguments) {
            try (Brood brood = Brood.open()) {
                brood.spawn(Command.of("true").foreground());
            } catch (SpawnException failure) {
                System.out.println(failure.getMessage());
            }
        }
    }
}
