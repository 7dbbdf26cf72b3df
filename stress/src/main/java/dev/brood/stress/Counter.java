package dev.brood.stress;

import dev.brood.sys.ErrnoException;
import dev.brood.sys.EventFd;
import java.io.UncheckedIOException;

/** Descriptors to race with: counters of the kernel's, for which no other process is needed. */
final class Counter {
    private Counter() {}

    /** One that is not readable. */
    static EventFd silent() {
        try {
            return EventFd.create();
        } catch (ErrnoException full) {
            throw new UncheckedIOException(full);
        }
    }

    /** One that is readable, and stays so. */
    static EventFd readable() {
        try {
            EventFd counter = EventFd.create();
            counter.signal();
            return counter;
        } catch (ErrnoException full) {
            throw new UncheckedIOException(full);
        }
    }
}
