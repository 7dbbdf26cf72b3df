package dev.brood.stdio;

import dev.brood.loop.DescriptorRegistration;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Readiness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Our end of a pipe that a child writes to, for threads that wait for what arrives. They read by themselves; the loop only says when there is
 * something.
 *
 * <pre>
 *   OPEN --- end of file ---> ENDED   reads answer -1
 *        --- cutOff() ------> KEPT    reads get what was there, then answer -1 where that was all, or fail
 *        --- close() -------> CLOSED  reads fail
 * </pre>
 *
 * <p>Any thread; one reads at a time.
 */
public final class BlockingReader implements Reading {
    private static final int END = -1;

    private enum State {
        OPEN,
        KEPT,
        ENDED,
        CLOSED
    }

    private final EventLoop loop;
    private final PipeEnd end;
    private final Buffers buffers;
    private final Runnable ended;
    private final Turnstile turnstile;
    private final ReentrantLock reading = new ReentrantLock();

    private final HangUp hangUp;
    private State state = State.OPEN; // guarded by this, as is:
    private @Nullable DescriptorRegistration registration; // paused while nobody waits

    /** Takes over our end. {@code ended} is told once it is at its end or closed, on any thread. */
    public BlockingReader(EventLoop loop, PipeEnd end, Buffers buffers, Runnable ended) {
        this.loop = loop;
        this.end = end;
        this.buffers = buffers;
        this.ended = ended;
        this.turnstile = new Turnstile(loop);
        this.hangUp = new HangUp(loop, end, this::hungUp);
    }

    /**
     * Waits for some bytes.
     *
     * @return how many were put into {@code to}; -1 at the end
     * @throws IOException it was closed or cut off, the thread interrupted, or the read failed
     * @throws IllegalStateException it would have to wait, in a callback of the loop that would wake it
     */
    public int read(byte[] to, int offset, int length) throws IOException {
        reading.lock();
        try {
            int count = length == 0 ? 0 : readNow(to, offset, length);
            while (count == 0 && length > 0) {
                turnstile.shut();
                watch();
                turnstile.await();
                count = readNow(to, offset, length);
            }
            return count;
        } finally {
            reading.unlock();
        }
    }

    /**
     * {@return how many bytes can be read without waiting}
     *
     * @throws IOException it was closed
     */
    public synchronized int available() throws IOException {
        if (state == State.CLOSED) {
            throw closed();
        }
        return end.available();
    }

    @Override
    public synchronized void linger() {
        if (state == State.OPEN) { // a thread that reads may have found the end meanwhile
            hangUp.begin();
        }
    }

    @Override
    public void cutOff() {
        if (finish(State.KEPT)) {
            ended.run();
        }
    }

    @Override
    public void close() {
        if (finish(State.CLOSED)) {
            ended.run();
        }
    }

    @Override
    public synchronized void letGo() {
        hangUp.cancel();
        if (registration != null) {
            boolean _ = registration.cancel();
            registration = null;
        }
    }

    private void hungUp() {
        boolean first;
        synchronized (this) {
            first = state == State.OPEN;
            letGo();
            if (first && end.absorbIfEnded(buffers)) {
                state = State.KEPT;
            } else if (first) {
                first = false;
                hangUp.begin();
            }
        }
        turnstile.open();
        if (first) {
            ended.run();
        }
    }

    private synchronized void watch() throws IOException {
        if (state != State.OPEN || end.isAbsorbed()) {
            turnstile.open();
        } else if (registration == null) {
            registration = loop.watch(end.number().orElseThrow(BlockingReader::closed), Interest.READ, this::ready);
        } else {
            registration.resume();
        }
    }

    /** Told once: whoever waits next asks again. */
    private synchronized void ready(Readiness hint) {
        if (registration != null) {
            registration.pause();
        }
        turnstile.open();
    }

    private int readNow(byte[] to, int offset, int length) throws IOException {
        int most = Math.min(length, Buffers.SIZE);
        ByteBuffer buffer = buffers.take().limit(most);
        try {
            int count = readInto(buffer);
            buffer.flip().get(to, offset, Math.max(count, 0));
            return count;
        } finally {
            buffers.giveBack(buffer);
        }
    }

    private int readInto(ByteBuffer buffer) throws IOException {
        int count;
        synchronized (this) {
            count = state == State.ENDED ? PipeEnd.END : end.read(buffer);
        }
        return switch (count) {
            case PipeEnd.END -> {
                if (finish(State.ENDED)) {
                    ended.run();
                }
                yield END;
            }
            case PipeEnd.CUT -> throw new IOException("the output was cut off: somebody may be writing to it still");
            case PipeEnd.CLOSED -> throw closed();
            default -> count;
        };
    }

    private static IOException closed() {
        return new IOException("the stream is closed");
    }

    /** Whether this ended it. */
    private boolean finish(State next) {
        boolean first;
        synchronized (this) {
            first = state == State.OPEN;
            if (first || (state == State.KEPT && next != State.KEPT)) {
                state = next;
                letGo();
                leave(next);
            }
        }
        turnstile.open();
        return first;
    }

    private void leave(State next) {
        switch (next) {
            case KEPT -> end.absorb(buffers);
            case ENDED -> end.ended();
            default -> end.close();
        }
    }
}
