package dev.brood.bench;

/**
 * One of the numbers that a piece of work yields.
 *
 * @param name what it says
 * @param unit of what
 * @param index its place among the numbers of the piece
 */
record Figure(String name, String unit, int index) {
    static final Figure STARTS = new Figure("starts", "/s", 0);
    static final Figure PROCESSOR = new Figure("processor a start", "µs", 1);
    static final Figure OWN_CODE = new Figure("of it outside the kernel", "µs", 2);

    static final Figure MEDIAN = new Figure("death to callback, median", "µs", 0);
    static final Figure P99 = new Figure("99 of 100", "µs", 1);
    static final Figure LONGEST = new Figure("longest", "µs", 2);

    static final Figure END = new Figure("an exit", "µs", 0);
    static final Figure END_PROCESSOR = new Figure("processor an exit", "µs", 1);

    static final Figure HEAP = new Figure("heap a child", "B", 0);
    static final Figure RESIDENT = new Figure("memory a child", "B", 1);
    static final Figure DESCRIPTORS = new Figure("descriptors a child", "", 2);
    static final Figure THREADS = new Figure("threads in all", "", 3);

    static final Figure RATE = new Figure("read", "MiB/s", 0);
    static final Figure OUTPUTS = new Figure("outputs", "/s", 0);
    static final Figure ITEM = new Figure("an item", "µs", 0);
    static final Figure FIRST = new Figure("until the end is told", "ms", 0);
    static final Figure RUN = new Figure("start to end", "ms", 0);
    static final Figure CLOSING = new Figure("closing beyond the grace", "ms", 0);
}
