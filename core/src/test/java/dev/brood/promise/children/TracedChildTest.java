package dev.brood.promise.children;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Exited;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Stdio;
import dev.brood.testing.CProgram;
import dev.brood.testing.Contract;
import dev.brood.testing.CutOff;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A debugger holds a dead child: the loop is told that it is dead, and cannot have its status yet. */
class TracedChildTest {
    private static final Duration HELD = Duration.ofMillis(1_500);
    private static final double SHARE = 0.05; // of one core

    @Test
    @Contract("C18")
    void tracedChildNeitherHangsNorSpinsTheLoopAndItsStatusArrivesWhenTheTracerLetsGo() throws Exception {
        String program = CProgram.compiled("tracer");
        try (Gate life = Gate.closed();
                Gate hold = Gate.closed();
                Brood brood = Brood.open()) {
            Thread loop = loopThread(brood);
            Child child = brood.spawn(quiet(program, "victim", life));
            awaitLine(child);
            Child tracer = brood.spawn(quiet(program, Long.toString(child.pid()), hold));
            awaitLine(tracer);
            life.open();
            Eventually.zombie(child.pid());

            assertThat(brood.spawn(CutOff.of("true")).await().status()).isEqualTo(new Exited(0));
            assertThat(shareOf(loop, child)).isLessThan(SHARE);
            assertThat(child.isActive()).isTrue();
            hold.open();

            assertThat(child.await().status()).isEqualTo(new Exited(7));
            assertThat(tracer.await().status()).isEqualTo(new Exited(0));
        }
    }

    @Test
    @Contract("C18")
    void tracedChildThatRunsIsHeardAsSoonAsItsTracerIsGone() throws Exception {
        String program = CProgram.compiled("tracer");
        try (Gate life = Gate.closed();
                Gate hold = Gate.closed();
                Brood brood = Brood.open()) {
            Child child = brood.spawn(quiet(program, "victim", life));
            awaitLine(child);
            Child tracer = brood.spawn(quiet(program, Long.toString(child.pid()), hold));
            awaitLine(tracer);
            hold.open();
            assertThat(tracer.await().status()).isEqualTo(new Exited(0));

            life.open();

            assertThat(child.await().status()).isEqualTo(new Exited(7));
        }
    }

    /** How much of a core the loop's thread takes while the child is waited for in vain. */
    private static double shareOf(Thread loop, Child child) throws InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpu = threads.getThreadCpuTime(loop.threadId());
        long start = System.nanoTime();
        assertThat(child.await(HELD)).isEmpty();
        long elapsed = System.nanoTime() - start;
        return (threads.getThreadCpuTime(loop.threadId()) - cpu) / (double) elapsed;
    }

    private static Command quiet(String program, String argument, Gate input) {
        return Command.of(program, argument)
                .stdin(input.descriptor())
                .stdout(Stdio.pipe())
                .stderr(Stdio.devNull());
    }

    /** Waits until it has said that it is ready. */
    private static void awaitLine(Child child) throws Exception {
        CompletableFuture<Boolean> said = new CompletableFuture<>();
        child.output(1).orElseThrow().read(new OutputHandler() {
            @Override
            public void data(Output output, ByteBuffer bytes) {
                said.complete(true);
            }

            @Override
            public void end(Output output, boolean complete) {
                said.complete(false);
            }
        });
        assumeTrue(said.get(), "this machine allows no tracing: ptrace was refused");
    }

    private static Thread loopThread(Brood brood) {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        brood.loop().execute(() -> thread.complete(Thread.currentThread()));
        return thread.join();
    }
}
