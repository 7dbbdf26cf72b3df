package dev.brood.engine.starting;

import dev.brood.engine.telling.Endpoint;
import dev.brood.engine.telling.Turns;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/*
 * open(2) of a named pipe waits for somebody at its other side, and what waits there can be interrupted by nobody. So a thread of its own opens
 * it. Whoever gives up opens the pipe both ways, which lets that thread go on, whichever side it wants. Where this process may not open it both
 * ways the thread stays until somebody comes, and then closes what it got.
 *
 * All of it is done to one and the same pipe, whatever becomes of its name meanwhile: through a descriptor that only holds the place.
 */
/**
 * A named pipe that is being opened for a child.
 *
 * <pre>
 *   WAITING --- somebody is at its other side ---> OPEN, and the caller's
 *           --- deadline, interrupt, cutOff() ---> GIVEN UP, and nothing is left
 * </pre>
 *
 * <p>For one start.
 */
final class NamedPipe implements Endpoint {
    private final byte[] path;
    private final int flags;
    private final CompletableFuture<Fd> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> left = new CompletableFuture<>(); // by the thread that opens

    NamedPipe(byte[] path, boolean reads) {
        this.path = path;
        this.flags = reads ? Fd.O_RDONLY : Fd.O_WRONLY;
    }

    /**
     * Opens it, and waits for that. Not in a callback.
     *
     * @param nanoseconds for how long
     * @throws ErrnoException as open(2); ETIMEDOUT, EINTR: the thread was interrupted, and is still; ECANCELED: the context is closed
     */
    Fd open(Turns turns, LongSupplier nanoseconds) throws ErrnoException {
        Fd place = Fd.open(path, Fd.O_PATH, 0);
        try {
            begin(place);
            turns.waits(this);
            return await(place, nanoseconds.getAsLong());
        } finally {
            turns.waitsNoMore(this);
            CompletableFuture<Void> _ = left.thenRun(place::close);
        }
    }

    /** Gives up, where it still waits. Any thread. */
    @Override
    public void cutOff() {
        giveUp(Errno.ECANCELED);
    }

    private void begin(Fd place) {
        Thread thread = Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name("brood-fifo")
                .unstarted(() -> open(place));
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            left.complete(null);
            throw noThread;
        }
    }

    private Fd await(Fd place, long nanoseconds) throws ErrnoException {
        try {
            return opened.get(nanoseconds, TimeUnit.NANOSECONDS);
        } catch (TimeoutException timeIsUp) {
            giveUp(Errno.ETIMEDOUT);
        } catch (InterruptedException interrupt) {
            giveUp(Errno.EINTR);
            Thread.currentThread().interrupt();
        } catch (ExecutionException failed) {
            return outcome(place);
        }
        return outcome(place);
    }

    private void giveUp(int errno) {
        boolean _ = opened.completeExceptionally(new ErrnoException("open", errno));
    }

    /** What came first, giving up or the other side. */
    private Fd outcome(Fd place) throws ErrnoException {
        if (opened.state() == Future.State.SUCCESS) {
            return opened.resultNow();
        }
        release(place);
        if (opened.exceptionNow() instanceof ErrnoException failure) {
            throw failure;
        }
        throw new AssertionError("opening ended otherwise", opened.exceptionNow());
    }

    private void release(Fd place) {
        try (Fd _ = Fd.open(self(place), Fd.O_RDWR | Fd.O_NONBLOCK, 0)) {
            left.join();
        } catch (ErrnoException notBothWays) {
            return; // it leaves when somebody comes
        }
    }

    private void open(Fd place) {
        try {
            Fd fd = Fd.open(self(place), flags, 0);
            if (!opened.complete(fd)) {
                fd.close();
            }
        } catch (ErrnoException failure) {
            boolean _ = opened.completeExceptionally(failure);
        } finally {
            left.complete(null);
        }
    }

    private static byte[] self(Fd place) {
        return ("/proc/self/fd/" + place.number()).getBytes(StandardCharsets.US_ASCII);
    }
}
