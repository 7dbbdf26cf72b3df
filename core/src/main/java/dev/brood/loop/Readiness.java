package dev.brood.loop;

import dev.brood.sys.Epoll;

/**
 * What the kernel said of a descriptor: a hint. A call on it may still find nothing to do.
 *
 * @param bits as in epoll(7)
 */
public record Readiness(int bits) {
    /** {@return whether a read would not block} */
    public boolean readable() {
        return (bits & Epoll.IN) != 0;
    }

    /** {@return whether a write would not block} */
    public boolean writable() {
        return (bits & Epoll.OUT) != 0;
    }

    /** {@return whether the other side is gone} */
    public boolean hungUp() {
        return (bits & Epoll.HUP) != 0;
    }

    /** {@return whether the descriptor failed, such as a pipe that nobody reads any more} */
    public boolean failed() {
        return (bits & Epoll.ERR) != 0;
    }

    /** Whether whoever asked for {@code interest} wants to hear of this. */
    boolean concerns(Interest interest) {
        return (bits & (interest.mask() | Epoll.ERR | Epoll.HUP)) != 0;
    }
}
