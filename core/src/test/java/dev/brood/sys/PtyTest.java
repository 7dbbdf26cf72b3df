package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.testing.Contract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A terminal whose other side is held here. */
class PtyTest {
    @Test
    void whatIsWrittenOnOneSideIsReadOnTheOther() throws Exception {
        try (Pty pty = Pty.open()) {
            Text.write(pty.controller(), "typed\n");
            assertThat(Text.read(pty.terminal())).isEqualTo("typed\n");
            assertThat(Text.read(pty.controller())).as("echo").isEqualTo("typed\r\n");

            Text.write(pty.terminal(), "shown");
            assertThat(Text.read(pty.controller())).isEqualTo("shown");
        }
    }

    @Test
    void bothSidesAndAChildSeeTheSize() throws Exception {
        try (Pty pty = Pty.open();
                Pipe pipe = Pipe.open()) {
            assertThat(Pty.columns(pty.terminal().number())).isZero();

            pty.resize(50, 40_000);

            assertThat(Pty.columns(pty.terminal().number())).isEqualTo(40_000);
            assertThat(Pty.columns(pty.controller().number())).isEqualTo(40_000);
            try (ShellChild stty = ShellChild.run("exec stty size", pty.terminal(), pipe.writeEnd())) {
                pipe.writeEnd().close();
                assertThat(Text.readAll(pipe.readEnd())).isEqualTo("50 40000\n");
                assertThat(stty.reap().status().code()).isZero();
            }
        }
    }

    @Test
    void pipeIsNoTerminal() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Fails.with("ENOTTY", () -> Pty.columns(pipe.readEnd().number()));
        }
    }

    @Test
    void terminalIsUnlocked() throws Exception {
        try (Pty pty = Pty.open();
                Fd locked = Fd.open(Text.bytes("/dev/ptmx"), Fd.O_RDWR | Fd.O_NOCTTY, 0)) {
            Path name = Files.readSymbolicLink(
                    Path.of("/proc/self/fd", Integer.toString(pty.terminal().number())));

            Fd.open(Text.bytes(name.toString()), Fd.O_RDWR | Fd.O_NOCTTY, 0).close();

            assertThat(name.toString()).startsWith("/dev/pts/");
            Fails.with("EIO", () -> SystemCall.IOCTL.call(locked.number(), Pty.TIOCGPTPEER, Fd.O_RDWR | Fd.O_NOCTTY));
        }
    }

    @Test
    @Contract("I12")
    void controllerHearsAnErrorWhenTheTerminalIsGone() throws Exception {
        try (Pty pty = Pty.open()) {
            pty.terminal().close();

            Fails.with("EIO", () -> Text.read(pty.controller()));
        }
    }

    @Test
    void sessionLeaderGetsNoControllingTerminalByOpeningOne() throws Exception {
        try (PosixSpawn start = new PosixSpawn()) {
            start.newSession();

            String seen = Java.run(start, Text.strings(), SessionLeader.class);

            assertThat(seen).isEqualTo("before 0, open 0, without the flag a terminal\n");
        }
    }

    /** Opens terminals as the leader of a session that has none. */
    static final class SessionLeader {
        private SessionLeader() {}

        public static void main(String[] none) throws Exception {
            String before = terminal();
            try (Pty pty = Pty.open()) {
                String open = terminal();
                int taking = (int) SystemCall.IOCTL.call(pty.controller().number(), Pty.TIOCGPTPEER, Fd.O_RDWR);
                String taken = terminal().equals("0") ? "none" : "a terminal";
                System.out.println("before " + before + ", open " + open + ", without the flag " + taken);
                new Fd(taking).close();
            }
        }

        /** The device number of the controlling terminal: the fifth field after the command's name. */
        private static String terminal() throws Exception {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[4];
        }
    }
}
