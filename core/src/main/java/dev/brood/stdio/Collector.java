package dev.brood.stdio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Keeps the first bytes of a stream, up to a limit. What comes beyond is read and dropped, so that the child is not held up. */
public final class Collector implements PipeReader.Sink {
    /**
     * What was kept.
     *
     * @param bytes from the stream's beginning on
     * @param complete whether that is all that was written
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Kept(byte[] bytes, boolean complete) {}

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final int limit;
    private final Consumer<Kept> atEnd;
    private boolean cut;

    /**
     * Keeps up to {@code limit} bytes.
     *
     * @param atEnd gets them, on the loop
     */
    public Collector(int limit, Consumer<Kept> atEnd) {
        this.limit = limit;
        this.atEnd = atEnd;
    }

    @Override
    public void data(ByteBuffer bytes) {
        int take = Math.min(bytes.remaining(), limit - kept.size());
        cut |= take < bytes.remaining();
        byte[] chunk = new byte[take];
        bytes.get(chunk);
        kept.writeBytes(chunk);
    }

    @Override
    public void end(boolean complete) {
        atEnd.accept(new Kept(kept.toByteArray(), complete && !cut));
    }
}
