package dev.brood.loop;

import dev.brood.sys.Epoll;

/** What to watch a descriptor for. Errors and hang-up are told unasked. */
public enum Interest {
    /** There is something to read, or the end. */
    READ(Epoll.IN),
    /** There is room to write. */
    WRITE(Epoll.OUT),
    /** Nothing but an error or the other side's going away. */
    HANG_UP(Epoll.RDHUP),
    /** It has become readable anew, told once each time: for a counter that nobody reads. Not for use beside the others. */
    EDGES(Epoll.IN | Epoll.EDGE);

    private final int mask;

    Interest(int mask) {
        this.mask = mask;
    }

    int mask() {
        return mask;
    }
}
