package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Ownership;
import dev.brood.Signal;
import dev.brood.Stdio;
import dev.brood.UnknownChildHandler;
import dev.brood.sys.ProcFs;
import dev.brood.testing.Contract;
import dev.brood.testing.Gate;
import dev.brood.testing.Orphanage;
import dev.brood.testing.Shell;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A closing that ends whatever else descends from this process. */
@Timeout(60)
@Contract({"K05", "K09"})
class DescendantsTest {
    private static final Closing ALL = Closing.stop(Duration.ofMillis(100)).andDescendants();

    private Orphanage orphanage;
    private Brood brood;

    @BeforeEach
    void open() throws Exception {
        orphanage = Orphanage.open();
        brood = Brood.builder()
                .ownership(Ownership.everything((pid, status) -> UnknownChildHandler.Answer.MINE))
                .build();
    }

    @AfterEach
    void close() throws Exception {
        brood.close();
        orphanage.close();
    }

    @Test
    void orphansEndWithTheContext() throws Exception {
        try (Gate gate = Gate.closed()) {
            Orphanage.leave(20, gate, 0);
            assertThat(ProcFs.children()).hasSize(20);

            brood.close(ALL);

            assertThat(ProcFs.children()).isEmpty();
        }
    }

    @Test
    void whoIgnoresTermIsKilledAfterTheGrace() throws Exception {
        Child parent = brood.spawn(Shell.script("(trap '' TERM; echo; exec sleep 1000) & read line")
                .stdout(Stdio.pipe())
                .stdin(Stdio.pipe())
                .stderr(Stdio.devNull()));
        assertThat(parent.stdout().stream().read()).isPositive();
        parent.stdin().close();
        parent.await();
        assertThat(ProcFs.children()).hasSize(1);

        brood.close(ALL);

        assertThat(ProcFs.children()).isEmpty();
    }

    @Test
    void childrenOfOtherLibrariesEndToo() throws Exception {
        Process process = new ProcessBuilder("sleep", "1000")
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();

        brood.close(ALL);

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
    }

    @Test
    void childrenOfOtherContextsAreLeftToThem() throws Exception {
        try (Brood other = Brood.open()) {
            Child child = other.spawn(Shell.sleeper());

            brood.close(ALL);

            assertThat(child.isActive()).isTrue();
            assertThat(child.signal(Signal.KILL)).isTrue();
        }
    }

    @Test
    void onlyAClosingThatStopsCanTakeThem() {
        assertThatIllegalStateException().isThrownBy(() -> Closing.await().andDescendants());
        assertThatIllegalStateException()
                .isThrownBy(() -> Closing.leaveRunning().andDescendants());
    }
}
