package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Disaster;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Kill;
import dev.brood.sys.Meddling;
import dev.brood.sys.ProcFs;
import dev.brood.sys.WaitStatus;
import dev.brood.testing.Contract;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.Orphanage;
import dev.brood.testing.Shell;
import dev.brood.testing.Stubborn;
import java.io.BufferedReader;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What becomes of children when their JVM ends: forked JVMs, each with a child whose pid it says. What they leave comes to this process, so that it
 * can be asked what ended it: a child that only our KILL ended had run on.
 */
@Contract("K07")
@Timeout(90)
class JvmEndTest {
    private static final int CODE = 3;
    private static final int CUT = 9; // what a child with a lifeline exits with when that ends

    /** How a JVM ends. */
    enum End {
        EXIT,
        HALT,
        TERM,
        KILL
    }

    /** What its child and context are like. */
    private enum Kind {
        PLAIN,
        CLOSED_AT_EXIT,
        STUBBORN_CLOSED_AT_EXIT,
        CLOSED_AT_EXIT_WHILE_IT_AWAITS,
        EXIT_IN_A_HANDLER,
        CLOSED_BY_A_HANDLER,
        PARENT_DEATH_SIGNAL,
        LIFELINE
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void unlessAskedForChildrenRunOn(End end) throws Exception {
        assertThat(left(Kind.PLAIN, end)).isEqualTo(killedByUs());
    }

    @ParameterizedTest
    @EnumSource(
            value = End.class,
            names = {"EXIT", "TERM"})
    void closedAtExitTheyAreEndedAndReapedFirst(End end) throws Exception {
        assertThat(left(Kind.CLOSED_AT_EXIT, end)).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = End.class,
            names = {"HALT", "KILL"})
    void noHookRunsAtAHaltOrAKill(End end) throws Exception {
        assertThat(left(Kind.CLOSED_AT_EXIT, end)).isEqualTo(killedByUs());
    }

    @Test
    void closedAtExitWhoIgnoresTermIsKilled() throws Exception {
        assertThat(left(Kind.STUBBORN_CLOSED_AT_EXIT, End.EXIT)).isNull();
    }

    @Test
    void closingThatWaitsForeverDoesNotHoldUpTheExit() throws Exception {
        assertThat(left(Kind.CLOSED_AT_EXIT_WHILE_IT_AWAITS, End.EXIT)).isNull();
    }

    /** The loop is in the handler, which waits for the end of the JVM, which waits for the loop. */
    @Test
    void exitInAHandlerEndsTheJvmAndTheOthers() throws Exception {
        WaitStatus left = left(Kind.EXIT_IN_A_HANDLER, End.EXIT);

        assertThat(left).isEqualTo(WaitStatus.signaled(Signal.KILL.number(), false));
    }

    @Test
    void closingThatAHandlerBeganIsFinishedAtTheExit() throws Exception {
        assertThat(left(Kind.CLOSED_BY_A_HANDLER, End.EXIT)).isNull();
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void parentDeathSignalReachesThemHoweverTheJvmEnds(End end) throws Exception {
        assertThat(left(Kind.PARENT_DEATH_SIGNAL, end)).isEqualTo(WaitStatus.signaled(Signal.USR1.number(), false));
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void lifelineEndsHoweverTheJvmEnds(End end) throws Exception {
        assertThat(left(Kind.LIFELINE, end)).isEqualTo(WaitStatus.exited(CUT));
    }

    @Test
    @Contract("S17")
    void endOfTheJvmCannotBeRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Brood.builder().closeAtExit(Closing.refuse()));
    }

    @Test
    @Contract("K10")
    void closedContextLeavesNoHook() throws Exception {
        ForkedJvm.Result result =
                ForkedJvm.of(ManyClosed.class).options("-Xmx64m").run();

        assertThat(result.lines()).containsExactly("closed");
    }

    /** {@return how the JVM's child ended, or null where there was none left of it} */
    private static @Nullable WaitStatus left(Kind kind, End end) throws Exception {
        try (Orphanage _ = Orphanage.open()) {
            Process jvm = new ProcessBuilder(ForkedJvm.of(Parent.class).commandLine(kind.name(), end.name()))
                    .redirectError(Redirect.DISCARD)
                    .start();
            try (BufferedReader lines = jvm.inputReader()) {
                long child = Long.parseLong(Objects.requireNonNull(lines.readLine()));
                switch (end) {
                    case TERM -> Kill.process(jvm.pid(), Signal.TERM.number()); // destroy() would close its input too
                    case KILL -> Kill.process(jvm.pid(), Signal.KILL.number());
                    case EXIT, HALT -> jvm.getOutputStream().close();
                }
                assertThat(jvm.waitFor()).isEqualTo(code(end));
                WaitStatus how = isLeft(child) ? ended(kind, child) : null;
                for (ProcFs.Listed other : ProcFs.children()) {
                    WaitStatus _ = Meddling.bury(other.pid());
                }
                return how;
            } finally {
                jvm.destroyForcibly().waitFor();
                jvm.getOutputStream().close();
            }
        }
    }

    private static boolean isLeft(long child) throws Exception {
        return ProcFs.children().stream().anyMatch(one -> one.pid() == child);
    }

    /** A child that is to end by itself is given the time; one that is to run on is ended here. */
    private static WaitStatus ended(Kind kind, long child) throws Exception {
        boolean runsOn = kind == Kind.PLAIN || kind == Kind.CLOSED_AT_EXIT;
        if (runsOn) {
            Kill.process(child, Signal.INT.number());
        }
        return Meddling.bury(child);
    }

    private static WaitStatus killedByUs() {
        return WaitStatus.signaled(Signal.INT.number(), false);
    }

    private static int code(End end) {
        return switch (end) {
            case EXIT, HALT -> CODE;
            case TERM -> 128 + Signal.TERM.number();
            case KILL -> 128 + Signal.KILL.number();
        };
    }

    /** Starts a child, says its pid, and ends when its input does, or when it is ended. */
    static final class Parent {
        private static final Closing AT_ONCE =
                Closing.stop(Duration.ofMillis(20)).within(Duration.ofMillis(500));

        private Parent() {}

        public static void main(String... arguments) throws Exception {
            Kind kind = Kind.valueOf(arguments[0]);
            boolean halts = End.valueOf(arguments[1]) == End.HALT;
            Brood brood = open(kind);
            Child child = start(brood, kind);
            System.out.println(child.pid());
            int _ = System.in.read();
            begin(brood, kind);
            if (halts) {
                Runtime.getRuntime().halt(CODE);
            }
            System.exit(CODE);
        }

        private static Brood open(Kind kind) throws Exception {
            Brood.Builder builder = Brood.builder();
            return switch (kind) {
                case PLAIN, PARENT_DEATH_SIGNAL, LIFELINE -> builder.build();
                case STUBBORN_CLOSED_AT_EXIT, EXIT_IN_A_HANDLER ->
                    builder.closeAtExit(AT_ONCE).spawner(Stubborns.CHILDREN).build();
                default ->
                    builder.closeAtExit(Closing.stop(Duration.ofSeconds(5))).build();
            };
        }

        private static Child start(Brood brood, Kind kind) throws Exception {
            return switch (kind) {
                case STUBBORN_CLOSED_AT_EXIT, EXIT_IN_A_HANDLER -> brood.spawn(Stubborns.CHILDREN.ignoringTerm());
                case PARENT_DEATH_SIGNAL -> brood.spawn(Shell.sleeper().parentDeathSignal(Signal.USR1));
                case LIFELINE ->
                    brood.spawn(Shell.sh("read line <&3; exit " + CUT).fd(3, Stdio.lifeline()));
                default -> brood.spawn(Shell.sleeper());
            };
        }

        /** What is under way when the end comes. */
        private static void begin(Brood brood, Kind kind) throws Exception {
            switch (kind) {
                case CLOSED_AT_EXIT_WHILE_IT_AWAITS -> {
                    Thread _ = Thread.ofPlatform().daemon().start(() -> brood.close(Closing.await()));
                    awaitRefusal(brood);
                }
                case EXIT_IN_A_HANDLER -> {
                    brood.spawn(Shell.sh("exit 0"), (child, exit) -> System.exit(CODE));
                    Thread.currentThread().join();
                }
                case CLOSED_BY_A_HANDLER ->
                    brood.spawn(Shell.sh("exit 0"), (child, exit) -> brood.close(Closing.await()))
                            .await();
                case LIFELINE -> { // neither they nor who else is started has the other end
                    brood.spawn(Shell.sleeper().parentDeathSignal(Signal.KILL));
                }
                default -> {}
            }
        }

        private static void awaitRefusal(Brood brood) throws Exception {
            while (true) {
                try {
                    brood.spawn(Command.of("/no/such/program"));
                } catch (IllegalStateException closing) {
                    return;
                } catch (SpawnException stillOpen) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** One a JVM. */
    private static final class Stubborns {
        static final Stubborn CHILDREN = open();

        private static Stubborn open() {
            try {
                return Stubborn.open();
            } catch (ErrnoException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    /** More contexts than would have room, were each kept by its hook. */
    static final class ManyClosed {
        private ManyClosed() {}

        public static void main(String... arguments) throws Exception {
            for (int i = 0; i < 300; i++) {
                Ballast ballast = new Ballast(new byte[1 << 20]);
                try (Brood brood = Brood.builder()
                        .onDisaster(ballast::told)
                        .closeAtExit(Closing.stop(Duration.ZERO))
                        .build()) {
                    brood.spawn(Shell.sh("exit 0")).await();
                }
            }
            System.out.println("closed");
        }
    }

    /** What a context that is kept keeps. */
    private static final class Ballast {
        private final byte[] bytes;

        Ballast(byte[] bytes) {
            this.bytes = bytes;
        }

        void told(Disaster disaster) {
            System.out.println(disaster + " " + bytes.length);
        }
    }
}
