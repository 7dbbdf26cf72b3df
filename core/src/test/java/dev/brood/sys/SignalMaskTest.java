package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.testing.Contract;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Sets of signals, and the calling thread's. */
class SignalMaskTest {
    private static final int SIG_SETMASK = 2;
    private static final int SIGQUIT = 3;

    @Test
    void everySignalHasAPlaceOfItsOwn() {
        for (int signal = 1; signal <= 64; signal++) {
            SignalMask others = SignalMask.FULL.without(signal);
            SignalMask alone = SignalMask.FULL.without(others);

            assertThat(alone.bits()).isEqualTo(1L << (signal - 1));
            assertThat(alone.contains(signal)).isTrue();
            assertThat(others.contains(signal)).isFalse();
            assertThat(SignalMask.FULL.contains(signal)).isTrue();
            assertThat(SignalMask.EMPTY.contains(signal)).isFalse();
            assertThat(SignalMask.EMPTY.without(signal)).isEqualTo(SignalMask.EMPTY);
        }
    }

    @Test
    @Contract("S07")
    void threadOfTheJvmBlocksSigquit() throws Exception {
        assertThat(SignalMask.ofThread().contains(SIGQUIT)).isTrue();
    }

    @Test
    void ofThreadIsWhatTheCallingThreadBlocks() throws Exception {
        SignalMask wanted = SignalMask.ofThread().without(SIGQUIT);
        FutureTask<SignalMask> task = new FutureTask<>(() -> {
            set(new SignalMask(wanted.bits() | 1L << (Signals.SIGUSR1 - 1)));
            return SignalMask.ofThread();
        });
        Thread.ofPlatform().start(task);

        assertThat(task.get().without(wanted).contains(Signals.SIGUSR1)).isTrue();
        assertThat(task.get().contains(SIGQUIT)).isFalse();
        assertThat(SignalMask.ofThread().contains(Signals.SIGUSR1)).isFalse();
    }

    @Test
    void lookingChangesNothing() throws Exception {
        String before = blocked();

        SignalMask.ofThread();

        assertThat(blocked()).isEqualTo(before);
        assertThat(SignalMask.ofThread().bits()).isEqualTo(Long.parseUnsignedLong(before, 16));
    }

    private static String blocked() throws Exception {
        return ProcFs.status("thread-self", "SigBlk").orElseThrow();
    }

    private static void set(SignalMask mask) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long set = arena.allocateFrom(ValueLayout.JAVA_LONG, mask.bits()).address();
            SystemCall.RT_SIGPROCMASK.call(SIG_SETMASK, set, 0, Long.BYTES);
        }
    }
}
