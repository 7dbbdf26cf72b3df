package dev.brood.bench;

/**
 * One of the numbers that a piece of work yields.
 *
 * @param name what it says
 * @param unit of what
 * @param index its place among the numbers of the piece
 * @param compared whether its ratio says something
 */
record Figure(String name, String unit, int index, boolean compared) {
    static final Figure STARTS = compared("starts", "/s", 0);
    static final Figure PROCESSOR = compared("processor a start", "µs", 1);
    /** Sampled by ticks, and nearly nothing in C. */
    static final Figure OWN_CODE = new Figure("of it outside the kernel", "µs", 2, false);

    static final Figure MEDIAN = compared("death to callback, median", "µs", 0);
    static final Figure P99 = compared("99 of 100", "µs", 1);
    static final Figure LONGEST = compared("longest", "µs", 2);

    static final Figure END = compared("an exit", "µs", 0);
    static final Figure END_PROCESSOR = compared("processor an exit", "µs", 1);

    static final Figure HEAP = compared("heap a child", "B", 0);
    static final Figure RESIDENT = new Figure("memory a child", "B", 1, false);
    static final Figure DESCRIPTORS = new Figure("descriptors a child", "", 2, false);
    static final Figure THREADS = new Figure("threads besides", "", 3, false);

    static final Figure RATE = compared("read", "MiB/s", 0);
    static final Figure WRITTEN = compared("written", "MiB/s", 0);
    static final Figure OUTPUTS = compared("outputs", "/s", 0);
    static final Figure ITEM = compared("an item", "µs", 0);
    static final Figure FIRST = compared("until the end is told", "ms", 0);
    static final Figure RUN = compared("start to end", "ms", 0);
    static final Figure CLOSING = compared("closing beyond the grace", "ms", 0);
    static final Figure CLOSED = compared("closing", "ms", 0);
    static final Figure WALKS = new Figure("two walks of /proc besides", "ms", 1, false);

    private static Figure compared(String name, String unit, int index) {
        return new Figure(name, unit, index, true);
    }
}
