package dev.brood.testing;

import dev.brood.sys.EventFd;
import dev.brood.sys.SignalHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Counts the SIGCHLDs of this process. Where one child dies after the other and each is waited for, none hides in another. */
public final class Deaths implements AutoCloseable {
    private static final int SIGCHLD = 17;

    private final EventFd numbers = EventFd.create();
    private final SignalHandler handler = SignalHandler.install(SIGCHLD, SignalHandler.Code.writingTo(numbers), false)
            .orElseThrow();
    private final ByteBuffer word = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
    private long sum;

    /** Begins to count. One at a time. */
    public Deaths() throws IOException {}

    /** {@return how many were heard so far} */
    public long heard() throws IOException {
        if (numbers.read(word.clear()) > 0) {
            sum += word.getLong(0);
        }
        return sum / SIGCHLD;
    }

    /** Waits until so many were heard, and says how many it were. */
    public String await(int number) throws Exception {
        Eventually.holds("death " + number, () -> heard() >= number);
        return Long.toString(heard());
    }

    /** To be called when the last death was heard: nothing writes to the descriptor any more. */
    @Override
    public void close() throws IOException {
        handler.restore();
        numbers.close();
    }
}
