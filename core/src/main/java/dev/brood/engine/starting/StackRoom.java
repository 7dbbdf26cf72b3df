package dev.brood.engine.starting;

/** Room on the calling thread's stack. */
final class StackRoom {
    private static final int FRAMES =
            256; // of a hundred bytes: several times what is used from the clone of a child to its handle

    private StackRoom() {}

    /**
     * Makes sure, by using it, that there is enough for what follows the clone of a child: where the stack ended there, what is to take the child back
     * would overflow it, too.
     *
     * @throws StackOverflowError there is not
     */
    static void require() {
        long _ = fill(FRAMES, 1, 2, 3, 4, 5, 6);
    }

    /** What it is given is needed after it has called itself, and so kept in its frame. */
    private static long fill(int frames, long a, long b, long c, long d, long e, long f) {
        return frames == 0 ? a : fill(frames - 1, b, c, d, e, f, a) + (a ^ b ^ c ^ d ^ e ^ f);
    }
}
