package dev.brood.promise.children;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import dev.brood.testing.CutOff;
import dev.brood.testing.Gate;
import dev.brood.testing.Small;
import dev.brood.testing.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a child ended, as a type, a shell's number and a phrase. Real children. */
@Contract({"R11", "S16"})
@ParameterizedClass
@EnumSource(Way.class)
class ExitStatusTest {
    private static final Set<Integer> HARMLESS = Set.of(17, 18, 19, 20, 21, 22, 23, 28); // stop it, go on, or nothing
    private static final Set<Integer> OF_LIBC = Set.of(32, 33); // which a shell refuses to send
    private final Way way;

    ExitStatusTest(Way way) {
        this.way = way;
    }

    @Test
    @Contract("C14")
    void everyExitCodeArrivesAsItIs() throws Exception {
        List<Child> children = new ArrayList<>();

        try (Brood brood = way.open()) {
            for (int code = 0; code <= 255; code++) {
                children.add(brood.spawn(Small.exit(code)));
            }

            for (int code = 0; code <= 255; code++) {
                Exit exit = children.get(code).await();
                assertThat(exit.status()).isEqualTo(new Exited(code));
                assertThat(exit.status().shellCode()).isEqualTo(code);
                assertThat(exit.status().success()).isEqualTo(code == 0);
                assertThat(exit.ending()).isEqualTo(Ending.BY_ITSELF);
            }
        }
    }

    @Test
    @Contract("C14")
    void everySignalThatKillsArrivesByItsNumber(@TempDir Path forCores) throws Exception {
        List<Integer> deadly = IntStream.rangeClosed(1, 64)
                .filter(number -> !HARMLESS.contains(number))
                .boxed()
                .toList();

        try (Gate gate = Gate.closed();
                Brood brood = way.open()) {
            for (int number : deadly) {
                Child child = brood.spawn(gate.child().directory(forCores));
                assertThat(child.signal(new Signal(number))).isTrue();

                Exit exit = child.await();

                assertThat(exit.status())
                        .isInstanceOfSatisfying(
                                Signaled.class,
                                status -> assertThat(status.signal()).isEqualTo(new Signal(number)));
                assertThat(exit.status().shellCode()).isEqualTo(128 + number);
                assertThat(exit.status().success()).isFalse();
                assertThat(exit.ending()).isEqualTo(Ending.SIGNALLED);
            }
        }

        assertThat(deadly).hasSize(56);
    }

    @Test
    @Contract("C14")
    void childThatKillsItselfEndedByItself() throws Exception {
        List<Integer> deadly = IntStream.rangeClosed(1, 64)
                .filter(number -> !HARMLESS.contains(number) && !OF_LIBC.contains(number))
                .boxed()
                .toList();

        try (Brood brood = way.open()) {
            for (int number : deadly) {
                Exit exit = brood.spawn(CutOff.sh("ulimit -c 0; kill -" + number + " $$"))
                        .await();

                assertThat(exit.status()).isEqualTo(new Signaled(new Signal(number), false));
                assertThat(exit.ending()).isEqualTo(Ending.BY_ITSELF);
            }
        }
    }

    @Test
    @Contract("C14")
    void exit137AndKilledBy9AreDifferentAnswersWithOneShellCode() throws Exception {
        try (Brood brood = way.open()) {
            ExitStatus exited = brood.spawn(CutOff.sh("exit 137")).await().status();
            ExitStatus killed = brood.spawn(CutOff.sh("kill -9 $$")).await().status();

            assertThat(exited).isEqualTo(new Exited(137)).isNotEqualTo(killed);
            assertThat(killed).isEqualTo(new Signaled(Signal.KILL, false));
            assertThat(exited.shellCode()).isEqualTo(137).isEqualTo(killed.shellCode());
        }
    }

    @Test
    @Contract({"C14", "C16"})
    void dumpedCoreIsSaid(@TempDir Path directory) throws Exception {
        String pattern =
                Files.readString(Path.of("/proc/sys/kernel/core_pattern")).strip();
        assumeTrue(
                !pattern.startsWith("|") && !pattern.startsWith("/"),
                "cores go to " + pattern + ", not to a file here");

        try (Brood brood = way.open()) {
            Child child = brood.spawn(
                    CutOff.sh("ulimit -c unlimited || exit 1; kill -ABRT $$").directory(directory));
            ExitStatus status = child.await().status();
            assumeTrue(!status.equals(new Exited(1)), "the hard limit forbids cores");

            assertThat(isEmpty(directory)).isFalse();
            assertThat(status).isEqualTo(new Signaled(Signal.ABRT, true));
            assertThat(status.shellCode()).isEqualTo(134);
            assertThat(child.describe()).isEqualTo("sh [" + child.pid() + "] was killed by signal ABRT (core dumped)");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Contract({"C14", "C16"})
    void lostIsNoSuccessAndSaysWhy(Lost.Reason reason) {
        ExitStatus lost = new Lost(reason);

        assertThat(lost.success()).isFalse();
        assertThat(lost.shellCode()).isEqualTo(255);
        assertThat(lost.describe())
                .isEqualTo(
                        switch (reason) {
                            case ROBBED -> "was reaped by somebody else, its status is lost";
                            case ABANDONED -> "was left behind when its context closed";
                            case HANDED_OVER -> "was killed and handed over";
                            case UNHEARD -> "could no longer be heard of";
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "exit 0,        ended well",
        "exit 1,        exited with error status 1",
        "exit 255,      exited with error status 255",
        "kill -TERM $$, was killed by signal TERM",
        "kill -KILL $$, was killed by signal KILL",
        "kill -31 $$,   was killed by signal SYS",
        "kill -34 $$,   was killed by unknown signal number 34",
        "kill -64 $$,   was killed by unknown signal number 64",
    })
    @Contract("C16")
    void endIsOneSentenceWithTheCommandsNameAndPid(String script, String phrase) throws Exception {
        try (Brood brood = way.open()) {
            Child child = brood.spawn(CutOff.sh("ulimit -c 0; " + script));

            assertThat(child.await().status().describe()).isEqualTo(phrase);
            assertThat(child.describe()).isEqualTo("sh [" + child.pid() + "] " + phrase);
        }
    }

    @Test
    @Contract("C16")
    void timeLimitThatBeganTheEndIsNamedWithItsLength() throws Exception {
        try (Brood brood = way.open()) {
            Command sleep = Command.of("sleep", "1000");
            Child late = brood.spawn(sleep.deadline(Duration.ofMillis(10)));
            Child silent = brood.spawn(sleep.stdout(Stdio.collect(0)).silence(Duration.ofMillis(20)));

            assertThat(late.await().describe()).isEqualTo("was killed by signal TERM at its deadline of 0.01s");
            assertThat(late.describe()).endsWith("] was killed by signal TERM at its deadline of 0.01s");
            assertThat(silent.await().describe()).isEqualTo("was killed by signal TERM after a silence of 0.02s");
            assertThat(late.await().timedOut()).isTrue();
            assertThat(late.await().code()).isEmpty();
        }
    }

    @Test
    @Contract("C16")
    void resultIsThereOnceTheChildHasEnded() throws Exception {
        try (Gate gate = Gate.closed();
                Brood brood = way.open()) {
            Child child = brood.spawn(gate.child());
            assertThat(child.result()).isEmpty();

            gate.open();

            Exit exit = child.await();
            assertThat(child.result()).contains(exit);
            assertThat(exit.success()).isTrue();
            assertThat(exit.code()).hasValue(0);
            assertThat(exit.timedOut()).isFalse();
        }
    }

    @Test
    @Contract("C16")
    void everyStandardSignalHasAName() {
        assertThat(IntStream.rangeClosed(1, 31).mapToObj(number -> new Signaled(new Signal(number), false).describe()))
                .doesNotHaveDuplicates()
                .allMatch(phrase -> phrase.matches("was killed by signal [A-Z]+[12]?"));
        assertThat(new Signaled(Signal.SEGV, true).describe()).isEqualTo("was killed by signal SEGV (core dumped)");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256, Integer.MIN_VALUE})
    @Contract("C14")
    void noOtherCodeIsAnExitCode(int code) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Exited(code));
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }
}
