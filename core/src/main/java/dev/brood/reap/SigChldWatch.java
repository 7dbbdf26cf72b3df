package dev.brood.reap;

import dev.brood.loop.DescriptorRegistration;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import java.io.IOException;

/** One user of SIGCHLD, told on its loop. While there is one, the handler is installed. */
final class SigChldWatch implements AutoCloseable {
    private final boolean stops;
    private final DescriptorRegistration registration;
    private boolean closed;

    private SigChldWatch(boolean stops, DescriptorRegistration registration) {
        this.stops = stops;
        this.registration = registration;
    }

    /**
     * Begins to hear.
     *
     * @param stops whether stopped and continued children are of interest too
     * @param heard called on the loop: some child may have changed
     * @throws SigChld.Taken somebody else handles SIGCHLD
     * @throws IOException EACCES, EPERM: no code can be mapped here; EMFILE
     */
    static SigChldWatch open(EventLoop loop, boolean stops, Runnable heard) throws IOException {
        int bell = SigChld.acquire(stops);
        try {
            return new SigChldWatch(stops, loop.watch(bell, Interest.EDGES, _ -> heard.run()));
        } catch (IOException | RuntimeException failure) {
            SigChld.release(stops);
            throw failure;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        registration.cancel();
        SigChld.release(stops);
    }
}
