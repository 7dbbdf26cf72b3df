package dev.brood.promise.reaping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Starts beside java.lang.Process: neither gets the other's pipe ends. */
class BesideProcessBuilderTest {
    private static final int STARTS = 500;
    private static final long HANGS = 20;

    @Test
    @Contract("S08")
    void noCatMissesItsEndOfFileWhileOurChildrenStartAndStay() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Command lasting = quiet(Command.of("sleep", "1000"));
        try (Brood brood = Brood.builder().closing(Closing.stop(Duration.ZERO)).build();
                ExecutorService cats = Executors.newSingleThreadExecutor()) {
            Future<Integer> ended = cats.submit(() -> catsThatEnd(over));
            for (int i = 0; i < STARTS; i++) {
                brood.spawn(lasting);
            }
            over.set(true);

            assertThat(ended.get()).isPositive();
            assertThat(brood.active()).isEqualTo(STARTS);
        }
    }

    @Test
    @Contract("S08")
    void theirChildrenHoldNoneOfOurPipes() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (Brood brood = Brood.builder().closing(Closing.stop(Duration.ZERO)).build();
                ExecutorService theirs = Executors.newSingleThreadExecutor()) {
            Future<Integer> started = theirs.submit(() -> lastingChildren(over));
            for (int i = 0; i < 100; i++) {
                Collected collected = brood.run(Command.of("printf", "hi").drain(Duration.ofSeconds(HANGS)));

                assertThat(collected.stdoutText()).isEqualTo("hi");
                assertThat(collected.isComplete()).isTrue();
            }
            over.set(true);
            assertThat(started.get()).isPositive();
        }
    }

    /** Starts cats until it is over. Each reads a pipe whose other end is closed at once, and has to end of it. */
    private static int catsThatEnd(AtomicBoolean over) throws Exception {
        int ended = 0;
        while (!over.get()) {
            Process cat = new ProcessBuilder("cat")
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            cat.getOutputStream().close();
            if (!cat.waitFor(HANGS, TimeUnit.SECONDS)) {
                cat.destroyForcibly().waitFor();
                throw new AssertionError("cat number " + ended + " saw no end of file");
            }
            ended++;
        }
        return ended;
    }

    /** Children of the JDK that live until it is over, so that whatever they got they keep. */
    private static int lastingChildren(AtomicBoolean over) throws Exception {
        int started = 0;
        List<Process> all = new ArrayList<>();
        while (!over.get()) {
            all.add(new ProcessBuilder("sleep", "1000")
                    .redirectInput(Redirect.from(new File("/dev/null")))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start());
            started++;
        }
        for (Process one : all) {
            one.destroyForcibly().waitFor();
        }
        return started;
    }

    private static Command quiet(Command command) {
        return command.stdin(Stdio.devNull()).stdout(Stdio.devNull()).stderr(Stdio.devNull());
    }
}
