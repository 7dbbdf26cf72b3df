package dev.brood.stdio;

import dev.brood.loop.DescriptorRegistration;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import java.io.IOException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Notices when nobody has the other side of a pipe any more, without reading from it. On the loop. */
public final class HangUp {
    private final EventLoop loop;
    private final PipeEnd end;
    private final Runnable noticed;
    private @Nullable DescriptorRegistration registration; // guarded by this

    /** Tells {@code noticed}, once a {@link #begin}. */
    public HangUp(EventLoop loop, PipeEnd end, Runnable noticed) {
        this.loop = loop;
        this.end = end;
        this.noticed = noticed;
    }

    /** Begins to look, or goes on. Where the loop cannot watch the pipe, nothing is noticed: it stays as it is. */
    public synchronized void begin() {
        OptionalInt number = end.number(); // asked once: another thread may close it
        if (registration == null && number.isPresent()) {
            try {
                registration = loop.watch(number.getAsInt(), Interest.HANG_UP, _ -> notice());
            } catch (IOException | IllegalStateException cannotWatch) {
                registration = null;
            }
        }
    }

    /** Looks no more. Before the descriptor is closed. */
    public synchronized void cancel() {
        if (registration != null) {
            boolean _ = registration.cancel();
            registration = null;
        }
    }

    private void notice() {
        cancel();
        noticed.run();
    }
}
