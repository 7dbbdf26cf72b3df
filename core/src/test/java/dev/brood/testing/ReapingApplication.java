package dev.brood.testing;

import dev.brood.Brood;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Meddling;
import dev.brood.sys.ProcFs;
import dev.brood.sys.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Plays the application that owns reaping. It has no children but those of contexts. */
final class ReapingApplication {
    private static final int PASSES = 100;
    private static final long RHYTHM = TimeUnit.MILLISECONDS.toNanos(1);

    private ReapingApplication() {}

    /** Says that some child has died whenever one has, until the context is closed. */
    static void says(Brood brood) {
        CompletableFuture<Void> closed = brood.closed();
        Thread.ofPlatform().daemon().name("application").start(() -> {
            while (!closed.isDone()) {
                if (Meddling.someHasDied()) {
                    brood.childDied();
                    awaitLoop(brood, closed);
                }
                LockSupport.parkNanos(RHYTHM);
            }
        });
    }

    /** Reaps what the context has told of and left, once it is closed. */
    static void isTold(Brood brood) {
        CompletableFuture<Void> _ = brood.closed().thenRun(ReapingApplication::buryTheDead);
    }

    /** One word at a time: a loop that is held would get thousands. */
    private static void awaitLoop(Brood brood, CompletableFuture<Void> closed) {
        CountDownLatch heard = new CountDownLatch(1);
        try {
            brood.loop().execute(heard::countDown);
            while (!closed.isDone() && !heard.await(RHYTHM, TimeUnit.NANOSECONDS)) {
                Thread.onSpinWait();
            }
        } catch (IllegalStateException | InterruptedException ended) {
            return;
        }
    }

    /** Some times over: the list misses children that move to another thread's meanwhile, because theirs has ended. */
    private static void buryTheDead() {
        try {
            for (int pass = 0; pass < PASSES && Meddling.someHasDied(); pass++) {
                for (ProcFs.Listed child : ProcFs.children()) {
                    bury(child.pid());
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void bury(long pid) {
        try {
            var _ = Wait.reap(pid);
        } catch (ErrnoException somebodyElseHas) {
            return;
        }
    }
}
