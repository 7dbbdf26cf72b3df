package dev.brood.reap;

/**
 * Room on the heap. What the kernel tells once, such as a status, must not be asked for where there is no memory to pass it on: it would be lost.
 */
final class HeapRoom {
    private static final int ENOUGH = 256 * 1024; // bytes: to tell of an end, and more
    private static final long SCARCE = 4L * ENOUGH;

    private HeapRoom() {}

    /** {@return whether there is enough to tell of an end} Tried by taking it, where little seems to be left. */
    static boolean isThere() {
        Runtime heap = Runtime.getRuntime();
        long left = heap.maxMemory() - heap.totalMemory() + heap.freeMemory();
        return left > SCARCE || isTaken();
    }

    private static boolean isTaken() {
        try {
            byte[] room = new byte[ENOUGH];
            return room.length == ENOUGH;
        } catch (OutOfMemoryError none) {
            return false;
        }
    }
}
