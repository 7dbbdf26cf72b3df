package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.Signal;
import dev.brood.loop.EventLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** What hears signals, on a loop that the children's contexts share: to the end, for one that comes late must not end us. */
final class Ear {
    private static volatile boolean open;

    private Ear() {}

    /** {@return the loop, which has a thread of its own} */
    static EventLoop loop() {
        return Opened.LOOP;
    }

    /** {@return what hears every signal that can be caught} */
    static Hearing hearing(Talk talk, Consumer<Signal> heard) {
        return new Hearing(Opened.BROOD, talk, heard);
    }

    /** Holds the loop from now on, for a JVM takes 0.3 s to end while one of its threads is in a system call. What is heard is nobody's any more. */
    static void deafen() {
        if (open) {
            CountDownLatch held = new CountDownLatch(1);
            loop().execute(() -> hold(held));
            await(held);
        }
    }

    private static void await(CountDownLatch held) {
        try {
            held.await();
        } catch (InterruptedException late) {
            return; // by a signal that nobody has to hear any more
        }
    }

    private static void hold(CountDownLatch held) {
        held.countDown();
        while (open) {
            LockSupport.park();
        }
    }

    /** Opened when first needed. */
    private static final class Opened {
        static final EventLoop LOOP = EventLoop.threaded();
        static final Brood BROOD = Brood.builder().loop(LOOP).build();

        static {
            open = true;
        }
    }
}
