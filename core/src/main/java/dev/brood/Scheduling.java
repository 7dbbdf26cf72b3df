package dev.brood;

/**
 * When a process gets a processor.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/sched.7.html">sched(7)</a>
 */
public enum Scheduling {
    /** In turns, by nice value: the usual one. */
    OTHER(0),
    /** Like OTHER, for what never waits for anybody. */
    BATCH(3),
    /** When nobody else wants to. */
    IDLE(5),
    /** Real-time: until it waits, or one of higher priority comes. */
    FIFO(1),
    /** Real-time: in turns with those of its priority. */
    ROUND_ROBIN(2);

    private static final int HIGHEST = 99;

    private final int number; // linux/sched.h

    Scheduling(int number) {
        this.number = number;
    }

    /** {@return its number for the kernel, as in linux/sched.h} */
    public int number() {
        return number;
    }

    /** {@return whether it goes with a priority: 1 to 99 for FIFO and ROUND_ROBIN, else 0} */
    public boolean takes(int priority) {
        boolean realTime = this == FIFO || this == ROUND_ROBIN;
        return realTime ? 1 <= priority && priority <= HIGHEST : priority == 0;
    }
}
