package dev.brood.promise.starting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Exited;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.Wrapper;
import dev.brood.testing.Contract;
import dev.brood.testing.Shell;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that are run through other programs: what these are given, and what people read about it. */
@Contract("S01")
@Timeout(30)
class WrapperTest {
    /** Says its arguments, a line each. */
    private static final Command ECHO = Command.of("printf", "[%s]", "one", "two words", "", "$HOME");

    @Test
    void envRunsTheCommandWithAVariableMore() throws Exception {
        Command command = Command.of("/bin/sh", "-c", "echo $COLOUR").through(Wrapper.of("env", "COLOUR=red"));

        assertThat(output(command)).isEqualTo("red\n");
    }

    @Test
    void wordsOfTheCommandReachItAsTheyAre() throws Exception {
        assertThat(output(ECHO.through(Wrapper.of("env")))).isEqualTo("[one][two words][][$HOME]");
    }

    @Test
    void niceRunsItNicer() throws Exception {
        Command nice = Command.of("nice");
        int before = Integer.parseInt(output(nice).strip());

        int within = Integer.parseInt(
                output(nice.through(Wrapper.of("nice", "-n", "3"))).strip());

        assertThat(within).isEqualTo(Math.min(19, before + 3));
    }

    @Test
    void setsidRunsItInASessionOfItsOwn() throws Exception {
        require("/usr/bin/setsid");
        Command session = Command.of("/bin/sh", "-c", "cut -d' ' -f6 /proc/$$/stat; echo $$");

        List<String> lines =
                output(session.through(Wrapper.of("setsid", "--wait"))).lines().toList();

        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).isEqualTo(lines.getLast());
    }

    @Test
    void setprivRunsItWithoutNewPrivileges() throws Exception {
        require("/usr/bin/setpriv");
        Command status = Command.of("grep", "NoNewPrivs", "/proc/self/status");

        assertThat(output(status.through(Wrapper.of("setpriv", "--no-new-privs", "--"))))
                .isEqualTo("NoNewPrivs:\t1\n");
    }

    @Test
    void theLastOneGivenIsTheOutermost() throws Exception {
        Command command = Command.of("/bin/sh", "-c", "echo $A $B")
                .through(Wrapper.of("env", "A=inner", "B=inner"))
                .through(Wrapper.of("env", "A=outer"));

        assertThat(output(command)).isEqualTo("inner inner\n");
        assertThat(output(command.through(Wrapper.of("printf", "%s "))))
                .isEqualTo("env A=outer env A=inner B=inner /bin/sh -c echo $A $B ");
    }

    @Test
    @Contract("S04")
    void shellGetsEveryByteQuoted() throws Exception {
        byte[] all = new byte[255];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i + 1);
        }
        Command command = Command.of("printf".getBytes(UTF_8), "%s".getBytes(UTF_8), all);

        assertThat(bytes(command.through(Wrapper.shell("/bin/sh", "-c")))).isEqualTo(all);
    }

    @Test
    @Contract("S04")
    void eachByteAloneIsAWordOfItsOwn() throws Exception {
        byte[][] arguments = new byte[256][];
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        arguments[0] = "[%s]".getBytes(UTF_8);
        for (int i = 1; i < arguments.length; i++) {
            arguments[i] = new byte[] {(byte) i};
            expected.writeBytes(new byte[] {'[', (byte) i, ']'});
        }
        Command command = Command.of("printf".getBytes(UTF_8), arguments);

        assertThat(bytes(command.through(Wrapper.shell("/bin/sh", "-c")))).isEqualTo(expected.toByteArray());
    }

    @Test
    void shellOfAShellIsQuotedTwice() throws Exception {
        Wrapper shell = Wrapper.shell("/bin/sh", "-c");

        assertThat(output(ECHO.through(shell))).isEqualTo("[one][two words][][$HOME]");
        assertThat(output(ECHO.through(shell).through(shell).through(shell))).isEqualTo("[one][two words][][$HOME]");
    }

    @Test
    void programWithOddCharactersIsNoAssignmentAndNoOption() throws Exception {
        Command odd = Command.of("A=B; echo", "x");

        Collected collected = run(odd.through(Wrapper.shell("/bin/sh", "-c")));

        assertThat(collected.status()).isEqualTo(new Exited(127));
        assertThat(collected.stdoutText()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 42, 255})
    @Contract("C14")
    void exitIsTheCommandsWhereTheWrapperExecutesIt(int code) throws Exception {
        Command command = Command.of("/bin/sh", "-c", "exit " + code);

        assertThat(run(command.through(Wrapper.of("env"))).status()).isEqualTo(new Exited(code));
    }

    @Test
    @Contract("C14")
    void deathOfACommandThatTheWrapperExecutedIsADeath() throws Exception {
        Command command = Command.of("/bin/sh", "-c", "kill -9 $$");

        assertThat(run(command.through(Wrapper.of("env"))).status()).isEqualTo(new Signaled(Signal.KILL, false));
    }

    @Test
    @Contract("S02")
    void missingWrapperIsWhatIsNotFound() {
        Command command = Command.of("true").through(Wrapper.of("/no/such/wrapper", "--"));
        try (Brood brood = Brood.open()) {
            assertThatExceptionOfType(SpawnException.class)
                    .isThrownBy(() -> brood.spawn(command))
                    .withMessageContaining("/no/such/wrapper")
                    .satisfies(refused -> {
                        assertThat(refused.program()).isEqualTo("/no/such/wrapper");
                        assertThat(refused.step()).isEqualTo(SpawnException.Step.PROGRAM);
                        assertThat(refused.shellCode()).isEqualTo(127);
                    });
        }
    }

    @Test
    @Contract("S02")
    void missingCommandIsTheWrappersToReport() throws Exception {
        Command command = Command.of("/no/such/program").through(Wrapper.of("env"));

        assertThat(run(command).status()).isEqualTo(new Exited(127));
    }

    @Test
    @Contract("C16")
    void childGoesByTheCommandsName() throws Exception {
        Command command = Shell.quiet(Command.of("/bin/sh", "-c", "exit 3")
                .through(Wrapper.of("/usr/bin/env"))
                .through(Wrapper.of("nice")));
        try (Brood brood = Brood.open()) {
            Child child = brood.spawn(command);
            child.await();

            assertThat(child.describe()).isEqualTo("sh [" + child.pid() + "] exited with error status 3");
        }
    }

    @Test
    @Contract("S01")
    void commandIsAValueThatWrappingLeavesAlone() throws Exception {
        Command bare = Command.of("/bin/sh", "-c", "echo \"[$COLOUR]\"").envRemove("COLOUR");
        Command wrapped = bare.through(Wrapper.of("env", "COLOUR=red"));

        assertThat(output(bare)).isEqualTo("[]\n");
        assertThat(output(wrapped)).isEqualTo("[red]\n");
    }

    @Test
    @Contract("S04")
    void nothingWithANulIsTaken() {
        assertThatIllegalArgumentException().isThrownBy(() -> Wrapper.of("en\0v"));
        assertThatIllegalArgumentException().isThrownBy(() -> Wrapper.shell("sh", "-\0c"));
    }

    @Test
    void saysItsProgramButNoArguments() {
        assertThat(Wrapper.of("ssh", "secret", "words")).hasToString("ssh (2 arguments)");
    }

    private static void require(String program) {
        assumeTrue(Files.isExecutable(Path.of(program)), "needs " + program);
    }

    private static Collected run(Command command) throws Exception {
        try (Brood brood = Brood.open()) {
            return brood.run(command.stdin(Stdio.devNull()));
        }
    }

    private static String output(Command command) throws Exception {
        return new String(bytes(command), UTF_8);
    }

    private static byte[] bytes(Command command) throws Exception {
        return run(command).check().stdout();
    }
}
