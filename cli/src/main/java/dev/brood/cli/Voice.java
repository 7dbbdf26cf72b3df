package dev.brood.cli;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What is said on standard error from a loop, in its order and on a thread of its own: a terminal can be held, by Ctrl-S or a slow line, and no signal and
 * no deadline is to wait for it. Of too much that is not said yet, the last is dropped.
 */
final class Voice {
    /** How long the last words may take of a program that is to end. */
    static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** As long as it takes. */
    static final Duration FOREVER = Duration.ofDays(365_000);

    private static final int MOST = 10_000; // sentences

    private static final ThreadPoolExecutor THREAD = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST),
            Thread.ofPlatform().daemon().name("voice").factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    private Voice() {}

    /** Says a sentence of ours. */
    static void say(String sentence) {
        run(() -> Standard.ERR.say(sentence));
    }

    /** Does what says something. */
    static void run(Runnable saying) {
        THREAD.execute(saying);
    }

    /** Nothing more is said: waits until all has been, but no longer; who is interrupted was told to end, and has the last words. */
    static void finish(Duration limit) {
        THREAD.shutdown();
        if (!isAwaited(limit)) {
            boolean _ = isAwaited(LAST_WORDS);
        }
    }

    /** {@return false where it was interrupted} */
    private static boolean isAwaited(Duration limit) {
        try {
            boolean _ = THREAD.awaitTermination(limit.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException told) {
            return false;
        }
    }
}
