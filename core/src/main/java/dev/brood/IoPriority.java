package dev.brood;

/**
 * Whose I/O comes first, where the disk's scheduler heeds it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/ioprio_set.2.html">ioprio_set(2)</a>
 */
public enum IoPriority {
    /** Before all others. */
    REAL_TIME(1),
    /** By level: the usual one. */
    BEST_EFFORT(2),
    /** When nobody else wants to. */
    IDLE(3);

    private static final int LOWEST = 7;

    private final int number; // linux/ioprio.h

    IoPriority(int number) {
        this.number = number;
    }

    /** {@return its number for the kernel, as in linux/ioprio.h} */
    public int number() {
        return number;
    }

    /** {@return whether it goes with a level: 0 to 7, for IDLE 0} */
    public boolean takes(int level) {
        return 0 <= level && level <= (this == IDLE ? 0 : LOWEST);
    }
}
