package dev.brood.stdio;

import dev.brood.loop.DescriptorRegistration;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Readiness;
import dev.brood.sys.ErrnoException;
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
 *        --- cutOff() ------> CUT     reads get what was there, then fail
 *        --- close() -------> CLOSED  reads fail
 * </pre>
 *
 * <p>Any thread; one reads at a time.
 */
public final class BlockingReader implements Reading {
    private static final int READS_AT_LAST = 32; // more than a pipe holds
    private static final int END = -1;

    private enum State {
        OPEN,
        ENDED,
        CUT,
        CLOSED
    }

    private final EventLoop loop;
    private final PipeEnd end;
    private final Buffers buffers;
    private final Runnable ended;
    private final Turnstile turnstile;
    private final ReentrantLock reading = new ReentrantLock();

    private State state = State.OPEN; // guarded by this, as is:
    private @Nullable ByteBuffer rest; // what was there when it was cut off
    private @Nullable Throwable lack; // why that is not all
    private @Nullable DescriptorRegistration registration; // paused while nobody waits

    /** Takes over our end. {@code ended} is told once it is at its end or closed, on any thread. */
    public BlockingReader(EventLoop loop, PipeEnd end, Buffers buffers, Runnable ended) {
        this.loop = loop;
        this.end = end;
        this.buffers = buffers;
        this.ended = ended;
        this.turnstile = new Turnstile(loop);
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
            int count = readNow(to, offset, length);
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
        ByteBuffer left = rest;
        int kept = left == null ? 0 : left.remaining();
        return state == State.OPEN ? end.available() : kept;
    }

    @Override
    public void cutOff() {
        over(State.CUT);
    }

    @Override
    public void close() {
        over(State.CLOSED);
    }

    @Override
    public synchronized void letGo() {
        if (registration != null) {
            registration.cancel();
        }
    }

    private synchronized void watch() throws IOException {
        if (state != State.OPEN) {
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
            count = state == State.OPEN ? end.read(buffer) : readRest(buffer);
        }
        if (count == END) {
            over(State.ENDED);
        }
        if (count == PipeEnd.CLOSED) {
            throw closed();
        }
        return count;
    }

    private int readRest(ByteBuffer buffer) throws IOException {
        ByteBuffer left = rest;
        if (left != null && left.hasRemaining()) {
            int count = Math.min(left.remaining(), buffer.remaining());
            buffer.put(left.slice().limit(count));
            left.position(left.position() + count);
            return count;
        }
        return switch (state) {
            case ENDED -> END;
            case CUT -> throw new IOException("the output was cut off: somebody may be writing to it still", lack);
            case OPEN, CLOSED -> throw closed();
        };
    }

    private static IOException closed() {
        return new IOException("the stream is closed");
    }

    private void over(State next) {
        if (finish(next)) {
            try {
                turnstile.open();
            } finally {
                ended.run();
            }
        }
    }

    /** Whether this ended it. */
    private boolean finish(State next) {
        synchronized (this) {
            if (state != State.OPEN) {
                return false;
            }
            if (next == State.CUT) {
                rest = takeRest();
            }
            state = next;
            letGo();
            if (next == State.ENDED) {
                end.ended();
            } else {
                end.close();
            }
        }
        return true;
    }

    private @Nullable ByteBuffer takeRest() {
        try {
            Chunks taken = new Chunks();
            takeInto(taken);
            return taken.joined();
        } catch (Throwable ours) { // such as a lack of memory: it ends all the same, and says so
            lack = ours;
            return null;
        }
    }

    private void takeInto(Chunks taken) {
        ByteBuffer buffer = buffers.take();
        try {
            for (int i = 0; i < READS_AT_LAST && end.read(buffer.clear()) > 0; i++) {
                taken.add(buffer.flip());
            }
        } catch (ErrnoException failed) {
            lack = failed; // nothing more can be had
        } finally {
            buffers.giveBack(buffer);
        }
    }
}
