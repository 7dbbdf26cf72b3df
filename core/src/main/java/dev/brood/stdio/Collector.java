package dev.brood.stdio;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps the first bytes of a stream, up to a limit. What comes beyond is read and dropped, so that the child is not held up. Where memory runs
 * out, nothing is kept.
 *
 * <p>On the loop, until it has ended.
 */
public final class Collector implements PipeReader.Sink {
    private final Chunks kept = new Chunks();
    private final Runnable atEnd;
    private final Consumer<Throwable> atFailure;
    private int limit;
    private boolean cut;
    private boolean complete;

    /**
     * Keeps up to {@code limit} bytes.
     *
     * @param atEnd told of the end, on the loop
     * @param atFailure told why there is nothing, on the loop
     */
    public Collector(int limit, Runnable atEnd, Consumer<Throwable> atFailure) {
        this.limit = limit;
        this.atEnd = atEnd;
        this.atFailure = atFailure;
    }

    @Override
    public void data(ByteBuffer bytes) {
        int take = Math.min(bytes.remaining(), limit - kept.size());
        cut |= take < bytes.remaining();
        try {
            kept.add(bytes.limit(bytes.position() + take));
        } catch (Throwable lack) { // the child is not to blame: it can go on
            failed(lack);
        }
    }

    @Override
    public void failed(Throwable why) {
        kept.clear();
        limit = 0;
        cut = true;
        atFailure.accept(why);
    }

    @Override
    public void end(boolean all) {
        complete = all && !cut;
        atEnd.run();
    }

    /** {@return what was kept, once it has ended: from the stream's beginning on, in pieces that do not change any more} */
    public List<ByteBuffer> kept() {
        return kept.views();
    }

    /** {@return whether it has ended, and that is all that was written} */
    public boolean isComplete() {
        return complete;
    }
}
