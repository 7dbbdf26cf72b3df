package dev.brood.reap;

import dev.brood.loop.DescriptorRegistration;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Registration;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * A file of the kernel's that has changed since it was read last reports an error to whoever polls it; so it is opened and read anew each time.
 */
/** Waits until a cgroup is empty, or removed: its cgroup.events tells, with those below it counted. On the loop. */
final class CgroupWatch implements Registration {
    private static final int ROOM = 256; // for two lines

    private final EventLoop loop;
    private final Path events;
    private final Consumer<@Nullable IOException> gone;
    private @Nullable Fd file;
    private @Nullable DescriptorRegistration watched;
    private boolean over;

    private CgroupWatch(EventLoop loop, Path events, Consumer<@Nullable IOException> gone) {
        this.loop = loop;
        this.events = events;
        this.gone = gone;
    }

    /** Begins to wait, in a turn to come. */
    static Registration begin(EventLoop loop, Path directory, Consumer<@Nullable IOException> gone) {
        CgroupWatch watch = new CgroupWatch(loop, directory.resolve("cgroup.events"), gone);
        loop.execute(watch::look);
        return watch;
    }

    @Override
    public boolean cancel() {
        boolean first = !over;
        over = true;
        close();
        return first;
    }

    @Override
    public boolean isActive() {
        return !over;
    }

    private void look() {
        close();
        if (over) {
            return;
        }
        try {
            if (!isPopulated()) {
                end(null);
            }
        } catch (IOException failure) {
            boolean removed = failure instanceof ErrnoException known
                    && (known.errno() == Errno.ENOENT || known.errno() == Errno.ENODEV);
            end(removed ? null : failure);
        }
    }

    /** And where it is, hears when that changes. */
    private boolean isPopulated() throws IOException {
        Fd opened = Fd.open(events.toString().getBytes(StandardCharsets.UTF_8), Fd.O_RDONLY, 0);
        file = opened;
        ByteBuffer bytes = ByteBuffer.allocateDirect(ROOM);
        int _ = opened.read(bytes);
        boolean populated =
                StandardCharsets.US_ASCII.decode(bytes.flip()).toString().contains("populated 1");
        if (populated) {
            watched = loop.watch(opened.number(), Interest.HANG_UP, _ -> look());
        }
        return populated;
    }

    private void end(@Nullable IOException failure) {
        boolean _ = cancel();
        gone.accept(failure);
    }

    private void close() {
        if (watched != null) {
            boolean _ = watched.cancel();
            watched = null;
        }
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
