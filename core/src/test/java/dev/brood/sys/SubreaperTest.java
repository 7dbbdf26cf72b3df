package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.testing.Contract;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether orphans come to this process. */
class SubreaperTest {
    private boolean before;

    @BeforeEach
    void remember() throws ErrnoException {
        before = Subreaper.get();
    }

    @AfterEach
    void restore() throws ErrnoException {
        Subreaper.set(before);
    }

    @Test
    @Contract("R08")
    void orphanOfADescendantComesToTheSubreaper() throws Exception {
        Subreaper.set(true);
        try (Pipe pipe = Pipe.open();
                Fd none = ShellChild.nothing();
                ShellChild parent = ShellChild.run("sleep 1000 >&- & echo $!", none, pipe.writeEnd())) {
            pipe.writeEnd().close();
            long orphan = Long.parseLong(Text.readAll(pipe.readEnd()).strip());
            parent.reap();

            try (ShellChild adopted = ShellChild.started(orphan)) {
                assertThat(Wait.isChild(orphan)).isTrue();
                assertThat(ProcFs.children())
                        .containsExactly(new ProcFs.Listed(
                                orphan, ProcessHandle.current().pid()));
                adopted.pidfd().send(15);
                assertThat(adopted.reap().status()).isEqualTo(WaitStatus.signaled(15, false));
            }
        }
    }

    @Test
    @Contract("R08")
    void holdsForTheProcessWhateverThreadAsks() throws Exception {
        FutureTask<?> ofAnotherThread = new FutureTask<>(() -> {
            Subreaper.set(true);
            return null;
        });
        Thread.ofPlatform().start(ofAnotherThread);
        ofAnotherThread.get();
        assertThat(Subreaper.get()).isTrue();

        Subreaper.set(false);

        assertThat(Subreaper.get()).isFalse();
    }
}
