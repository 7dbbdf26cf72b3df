package dev.brood.loop;

import dev.brood.sys.Epoll;

/** What to watch a descriptor for. Errors and hang-up are told unasked. */
public enum Interest {
    /** There is something to read, or the end. */
    READ(Epoll.IN),
    /** There is room to write. */
    WRITE(Epoll.OUT);

    private final int mask;

    Interest(int mask) {
        this.mask = mask;
    }

    int mask() {
        return mask;
    }
}
