package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Init;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.Stdio;
import dev.brood.Watch;
import dev.brood.testing.Contract;
import dev.brood.testing.ForkedJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals that a JVM sends itself, in JVMs of their own. */
@Contract("K14")
@Timeout(60)
class SelfSignalTest {
    @ParameterizedTest
    @CsvSource({"INT", "QUIT", "TERM", "SEGV", "KILL", "RTMIN+3"})
    void jvmThatDiesOfASignalIsSeenToAndLeavesNoCore(String name) throws Exception {
        Exit exit = run(Dying.class, List.of("prlimit", "--core=unlimited", "--"), name);

        assertThat(exit.status()).isEqualTo(new Signaled(Signal.named(name), false));
    }

    @ParameterizedTest
    @CsvSource({"WINCH, 156", "CONT, 146"})
    void whereTheSignalEndsNothingTheCodeStandsForIt(String name, int code) throws Exception {
        assertThat(run(Dying.class, List.of(), name).status()).isEqualTo(new Exited(code));
    }

    @ParameterizedTest
    @ValueSource(ints = {19, 20, 21, 22})
    void signalThatStopsIsRefused(int number) {
        assertThatIllegalArgumentException().isThrownBy(() -> Init.dieOf(new Signal(number)));
    }

    @Test
    void whatItSendsItselfIsHeard() throws Exception {
        assertThat(run(Raising.class, List.of(), "").status()).isEqualTo(new Exited(7));
    }

    @Test
    void whatItSendsItsGroupComesToItToo() throws Exception {
        assertThat(run(Grouped.class, List.of(), "").status()).isEqualTo(new Signaled(Signal.TERM, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ILL", "BUS", "FPE", "SEGV"})
    @Contract("K15")
    void faultThatSomebodySendsIsDroppedAndOneOfTheJvmsOwnIsNot(String name) throws Exception {
        assertThat(run(Shielded.class, List.of(), name).status()).isEqualTo(new Exited(7));
    }

    private static Exit run(Class<?> main, List<String> before, String argument) throws Exception {
        List<String> line = new ArrayList<>(before);
        line.addAll(ForkedJvm.of(main).options("-Xrs").commandLine(argument));
        try (Brood brood = Brood.open()) {
            return brood.spawn(Command.of(line)
                            .newGroup()
                            .stdin(Stdio.devNull())
                            .stdout(Stdio.devNull())
                            .stderr(Stdio.devNull()))
                    .await();
        }
    }

    /** Dies of a signal. */
    static final class Dying {
        private Dying() {}

        public static void main(String[] arguments) {
            Init.dieOf(Signal.named(arguments[0]));
        }
    }

    /** Hears what it sends itself. */
    static final class Raising {
        private Raising() {}

        public static void main(String[] arguments) throws InterruptedException {
            CountDownLatch heard = new CountDownLatch(1);
            try (Brood brood = Brood.open()) {
                Watch _ = brood.onSignal(Signal.USR1, heard::countDown);
                Init.raise(Signal.USR1);
                heard.await();
                System.exit(7);
            }
        }
    }

    /** Sends itself what a fault raises; then has the JVM raise some, which it makes exceptions of. */
    static final class Shielded {
        private static final int[] NONE = new int[0];
        private static int thrown;

        private Shielded() {}

        public static void main(String[] arguments) {
            if (!Init.dropSentFaults()) {
                return;
            }
            Init.raise(Signal.named(arguments[0]));
            for (int i = 0;
                    i < 50_000;
                    i++) { // compiled code takes a null for granted, and the fault for the exception
                touch(i < 40_000 ? NONE : null);
            }
            System.exit(thrown == 10_000 ? 7 : 1);
        }

        @SuppressWarnings("NullAway") // that is what it is for
        private static void touch(int @Nullable [] array) {
            try {
                thrown += array.length;
            } catch (NullPointerException fault) {
                thrown++;
            }
        }
    }

    /** Ends its group, which is its own. */
    static final class Grouped {
        private Grouped() {}

        public static void main(String[] arguments) throws InterruptedException {
            Init.signalGroup(Signal.TERM);
            Thread.currentThread().join();
        }
    }
}
