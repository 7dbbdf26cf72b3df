package dev.brood.promise.seeing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.OutputHandler;
import dev.brood.ReadyWhen;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import dev.brood.testing.Shell;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a message advises works. */
class AdviceTest {
    private static final Command BOTH = Shell.script("echo out; echo err >&2");

    private final Brood brood = Brood.open();

    @AfterEach
    void close() {
        brood.close();
    }

    @Test
    @Contract("O04")
    void mergedErrorsAreReadFromTheOutput() throws Exception {
        Child merged = brood.spawn(BOTH.stdout(Stdio.pipe()).mergeStderr());

        assertThatIllegalStateException()
                .isThrownBy(merged::stderr)
                .withMessageEndingWith("read stdout(), or leave out mergeStderr()");

        assertThat(merged.stdout().reader(UTF_8).readAllAsString()).isEqualTo("out\nerr\n");
        Child apart = brood.spawn(BOTH.stdout(Stdio.devNull()).stderr(Stdio.pipe()));
        assertThat(apart.stderr().reader(UTF_8).readAllAsString()).isEqualTo("err\n");
    }

    @Test
    @Contract("O04")
    void streamThatIsNoPipeCanBeOne() throws Exception {
        Command none = BOTH.stdout(Stdio.devNull()).stderr(Stdio.devNull());
        Child closed = brood.spawn(none);

        assertThatIllegalStateException()
                .isThrownBy(closed::stdout)
                .withMessageEndingWith("start it with Command.stdout(Stdio.pipe())");

        Child open = brood.spawn(none.stdout(Stdio.pipe()));
        assertThat(open.stdout().reader(UTF_8).readAllAsString()).isEqualTo("out\n");
    }

    @Test
    @Contract("O04")
    void pipeThatNobodyCouldUseIsCollectedOrGivenContent() throws Exception {
        Command cat = Command.of("cat");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> brood.run(cat.stdin(Stdio.pipe())))
                .withMessageContaining("collect it (Stdio.collect), give it content (Stdio.content), or spawn");

        assertThat(brood.run(cat.stdin(Stdio.content("in")).stdout(Stdio.collect(9)))
                        .check()
                        .stdoutText())
                .isEqualTo("in");
    }

    @Test
    @Contract("O04")
    void outputBesideASignIsReadByAPipe() throws Exception {
        ReadyWhen sign = ReadyWhen.byteOn(3);
        Command service = Shell.script("echo out; echo >&3").stderr(Stdio.devNull());

        assertThatIllegalStateException()
                .isThrownBy(() -> sign.passingOn(OutputHandler.lines(UTF_8, (output, line) -> {})))
                .withMessageContaining("give the command a pipe, and read that");

        Child child = brood.service(service.stdout(Stdio.pipe()), sign, Duration.ofMinutes(1))
                .child();
        assertThat(child.stdout().reader(UTF_8).readAllAsString()).isEqualTo("out\n");
    }
}
