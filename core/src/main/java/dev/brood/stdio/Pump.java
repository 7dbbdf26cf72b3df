package dev.brood.stdio;

import dev.brood.loop.DescriptorRegistration;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Bytes go from pipe to target inside the kernel while nothing is held here and the kernel takes the pair, else by way of the ring. The
 * source is watched while there is room for more, the target while something waits for it.
 */
/**
 * Moves what a child writes to another descriptor.
 *
 * <pre>
 *   MOVING --- source ended, or enough ---> FLUSHING --- nothing held ---> ENDED
 *   either --- failure, hang-up, cutOff(), close() ---> ENDED, both off the loop and closed, and then told
 * </pre>
 *
 * <p>Its methods run on the loop.
 */
public final class Pump implements Reading {
    private static final int MOVES_A_TURN = 4;
    private static final int MOVES_AT_LAST = 32;
    private static final int SPLICE = 1024 * 1024; // bytes at once

    private final EventLoop loop;
    private final PipeEnd source;
    private final Fd target;
    private final Buffers buffers;
    private final long limit;
    private final boolean dropping;
    private final ByteRing ring;
    private final Consumer<Result> told;

    private boolean splicing;
    private boolean full; // the target took nothing
    private long taken;
    private long moved;
    private long dropped;
    private @Nullable Reason enough; // why nothing more is read
    private boolean ended;
    private @Nullable DescriptorRegistration sourceWatch;
    private @Nullable DescriptorRegistration targetWatch;

    /** Why it ended. */
    public enum Reason {
        /** Everything was moved. */
        SOURCE_ENDED,
        /** As much was moved as was asked for. */
        LIMIT,
        /** Reading failed. */
        READ_FAILED,
        /** Writing failed. */
        WRITE_FAILED,
        /** Nobody reads the target any more. */
        HUNG_UP,
        /** It was told to end. */
        CLOSED
    }

    /**
     * How it ended.
     *
     * @param moved bytes that were written
     * @param dropped bytes that were not, for the target was too slow
     * @param failure what failed, if something did
     */
    public record Result(
            Reason reason,
            long moved,
            long dropped,
            @Nullable IOException failure) {}

    /**
     * How it is to go.
     *
     * @param limit how many bytes to move at most
     * @param bound how many to hold for a slow target, at least 1
     * @param dropping whether what is beyond that pushes out the oldest, and does not hold the child back
     */
    public record Plan(long limit, int bound, boolean dropping) {}

    /**
     * Prepares one, which takes over both ends. Moves nothing before {@link #begin}.
     *
     * @param target see {@link PumpTarget}
     */
    public Pump(EventLoop loop, PipeEnd source, Buffers buffers, Fd target, Plan plan, Consumer<Result> told) {
        this.loop = loop;
        this.source = source;
        this.target = target;
        this.buffers = buffers;
        this.limit = plan.limit();
        this.dropping = plan.dropping();
        this.splicing = !plan.dropping();
        this.ring = new ByteRing(plan.bound());
        this.told = told;
    }

    /** Begins to move. */
    public void begin() {
        try {
            watchTarget();
            watchSource();
        } catch (IOException | IllegalStateException cannotWatch) {
            end(Reason.READ_FAILED, new IOException("the stream cannot be watched", cannotWatch));
        } catch (Throwable ours) {
            fail(ours);
        }
    }

    @Override
    public void cutOff() {
        orFail(() -> move(MOVES_AT_LAST));
        Reason why = enough;
        end(why != null && ring.isEmpty() ? why : Reason.CLOSED, null);
    }

    @Override
    public void close() {
        end(Reason.CLOSED, null);
    }

    /** It takes what comes as fast as the target does. */
    @Override
    public void linger() {}

    @Override
    public void letGo() {
        cancel(sourceWatch);
    }

    private void turn() {
        orFail(() -> {
            move(MOVES_A_TURN);
            if (!ended) {
                settle();
            }
        });
    }

    /** What is thrown here is no callback's: bytes may be lost, and the level-triggered loop would come back for ever. */
    private void orFail(Runnable step) {
        try {
            step.run();
        } catch (Throwable ours) {
            fail(ours);
        }
    }

    /** What is in memory is there. */
    private void watchSource() throws IOException {
        if (source.isAbsorbed()) {
            loop.execute(this::turn);
        } else {
            sourceWatch =
                    loop.watch(source.number().orElseThrow(IllegalStateException::new), Interest.READ, hint -> turn());
        }
    }

    private void fail(Throwable ours) {
        end(Reason.READ_FAILED, new IOException("what was read could not be kept", ours));
    }

    /** A regular file cannot be watched: it takes everything always. */
    private void watchTarget() throws IOException {
        try {
            targetWatch = loop.watch(target.number(), Interest.WRITE, hint -> turn());
            targetWatch.pause();
        } catch (ErrnoException failure) {
            if (failure.errno() != Errno.EPERM) {
                throw failure;
            }
        }
    }

    private void move(int times) {
        boolean more = true;
        for (int i = 0; i < times && more && !ended; i++) {
            boolean taken = wantsMore() && take();
            boolean written = !ended && !ring.isEmpty() && flush();
            more = taken || written;
        }
    }

    private boolean wantsMore() {
        return enough == null && (dropping || ring.room() > 0);
    }

    /** Some bytes from the source, right to the target or to the ring. Whether there were any. */
    private boolean take() {
        long most = limit - taken;
        int count = splicing && ring.isEmpty() ? splice(most) : read((int) Math.min(most, Buffers.SIZE));
        taken += Math.max(count, 0);
        if (count < 0) {
            enough = Reason.SOURCE_ENDED;
        } else if (taken == limit) {
            enough = Reason.LIMIT;
        }
        return count > 0;
    }

    private int splice(long most) {
        try {
            int count = source.splice(target, (int) Math.min(most, SPLICE));
            moved += Math.max(count, 0);
            full = count == 0 && targetWatch != null; // or there was nothing: then the target is ready at once
            return count;
        } catch (ErrnoException failure) {
            if (failure.errno() == Errno.EINVAL) {
                splicing = false; // a target that appends, for one
                return 0;
            }
            return failed(failure);
        }
    }

    private int read(int most) {
        ByteBuffer buffer = buffers.take().limit(dropping ? most : Math.min(most, ring.room()));
        try {
            int count = source.read(buffer);
            buffer.flip();
            if (ring.isEmpty()) {
                write(buffer);
            }
            keep(buffer);
            return count;
        } catch (ErrnoException failure) {
            end(Reason.READ_FAILED, failure);
            return 0;
        } finally {
            buffers.giveBack(buffer);
        }
    }

    /** Where there is no room, the oldest go. */
    private void keep(ByteBuffer bytes) {
        int excess = Math.max(0, bytes.remaining() - ring.room());
        int oldest = Math.min(excess, ring.size());
        ring.skip(oldest);
        bytes.position(bytes.position() + excess - oldest);
        dropped += excess;
        int _ = ring.put(bytes);
    }

    /** What was held. {@return whether some of it went out} */
    private boolean flush() {
        ByteBuffer buffer = buffers.take();
        try {
            ring.peek(buffer);
            int count = write(buffer.flip());
            ring.skip(count);
            return count > 0;
        } finally {
            buffers.giveBack(buffer);
        }
    }

    private int write(ByteBuffer bytes) {
        try {
            int count = bytes.hasRemaining() ? target.write(bytes) : 0;
            moved += count;
            return count;
        } catch (ErrnoException failure) {
            return failed(failure);
        }
    }

    private int failed(ErrnoException failure) {
        end(failure.errno() == Errno.EPIPE ? Reason.HUNG_UP : Reason.WRITE_FAILED, failure);
        return 0;
    }

    /** Who waits for whom now. */
    private void settle() {
        Reason why = enough;
        if (why != null && ring.isEmpty()) {
            end(why, null);
            return;
        }
        boolean more = wantsMore() && !full;
        watch(sourceWatch, more);
        watch(targetWatch, full || !ring.isEmpty());
        if (more && source.isAbsorbed()) {
            loop.execute(this::turn);
        }
        full = false;
    }

    private void end(Reason reason, @Nullable IOException failure) {
        if (ended) {
            return;
        }
        ended = true;
        ring.skip(ring.size());
        try {
            cancel(sourceWatch);
            cancel(targetWatch);
        } finally {
            close(reason);
            told.accept(new Result(reason, moved, dropped, failure));
        }
    }

    private void close(Reason reason) {
        if (reason == Reason.SOURCE_ENDED) {
            source.ended();
        } else {
            source.close();
        }
        target.close();
    }

    private static void watch(@Nullable DescriptorRegistration registration, boolean wanted) {
        if (registration == null) {
            return;
        }
        if (wanted) {
            registration.resume();
        } else {
            registration.pause();
        }
    }

    private static void cancel(@Nullable DescriptorRegistration registration) {
        if (registration != null) {
            registration.cancel();
        }
    }
}
