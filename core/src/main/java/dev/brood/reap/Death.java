package dev.brood.reap;

import dev.brood.sys.Usage;
import dev.brood.sys.Wait;
import dev.brood.sys.WaitStatus;

/** What is known of how a child ended. */
public sealed interface Death {
    /**
     * Reaped here.
     *
     * @param status how it ended
     * @param usage what it used
     */
    record Reaped(WaitStatus status, Usage usage) implements Death {
        Reaped(Wait.Reaped reaped) {
            this(reaped.status(), reaped.usage());
        }
    }

    /**
     * Reaped by somebody else, who kept the usage; the kernel still knew the status.
     *
     * @param status how it ended
     */
    record Recovered(WaitStatus status) implements Death {}

    /**
     * Reaped by the application, which owns that, and said how it ended.
     *
     * @param status how it ended
     */
    record Reported(WaitStatus status) implements Death {}

    /** Reaped by somebody else, and the status is gone. */
    record Robbed() implements Death {}

    /** It may still run: the context was closed over it. */
    record Abandoned() implements Death {}

    /** It may still run: nothing is heard of it any more, for the loop or the wait is broken. */
    record Unheard() implements Death {}
}
