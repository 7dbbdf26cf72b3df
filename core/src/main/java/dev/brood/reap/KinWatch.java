package dev.brood.reap;

import dev.brood.loop.EventLoop;
import dev.brood.loop.Registration;
import dev.brood.sys.ProcStat;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Waits until nobody is left of processes that are found by walks: by a pidfd of each, and by another walk when all of these have gone, for they may
 * have had children. On the loop.
 */
final class KinWatch implements Registration {
    private final EventLoop loop;
    private final Look look;
    private final Consumer<@Nullable IOException> gone;
    private final Map<Long, PidWatch> awaited = new HashMap<>(); // by pid
    private boolean over;

    /** Who there is. */
    @FunctionalInterface
    interface Look {
        /** {@return those who are left, as seen after a moment of {@link System#nanoTime}} */
        Collection<ProcStat> members(long since) throws IOException;
    }

    private KinWatch(EventLoop loop, Look look, Consumer<@Nullable IOException> gone) {
        this.loop = loop;
        this.look = look;
        this.gone = gone;
    }

    /** Begins to wait, in a turn to come. */
    static Registration begin(EventLoop loop, Look look, Consumer<@Nullable IOException> gone) {
        KinWatch watch = new KinWatch(loop, look, gone);
        watch.lookSoon();
        return watch;
    }

    @Override
    public boolean cancel() {
        boolean first = !over;
        over = true;
        awaited.values().forEach(PidWatch::cancel);
        awaited.clear();
        return first;
    }

    @Override
    public boolean isActive() {
        return !over;
    }

    /** In a turn to come: whoever else is without anybody by then shares the walk. */
    private void lookSoon() {
        long since = System.nanoTime();
        loop.execute(() -> look(since));
    }

    private void look(long since) {
        if (over) {
            return;
        }
        try {
            await(look.members(since));
        } catch (IOException untold) {
            end(untold);
        } catch (IllegalStateException loopHasEnded) {
            end(new IOException("nobody can be waited for any more", loopHasEnded));
        }
    }

    /** Where there is room to wait for some only, these do: whoever is left is looked for after them. */
    private void await(Collection<ProcStat> members) throws IOException {
        @Nullable IOException failure = null;
        for (ProcStat one : members) {
            try {
                await(one);
            } catch (IOException noRoom) {
                failure = noRoom;
            }
        }
        if (!awaited.isEmpty()) {
            return;
        }
        if (failure != null || members.isEmpty()) {
            end(failure);
        } else {
            lookSoon(); // they went before they could be awaited
        }
    }

    private void await(ProcStat one) throws IOException {
        PidWatch watch = PidWatch.begin(loop, one.pid(), () -> left(one.pid()));
        if (ProcessKin.isThere(one)) { // asked once its pidfd is open, which from then on means this process
            awaited.put(one.pid(), watch);
        } else {
            watch.cancel();
        }
    }

    private void left(long pid) {
        awaited.remove(pid);
        if (awaited.isEmpty()) {
            lookSoon();
        }
    }

    private void end(@Nullable IOException failure) {
        over = true;
        gone.accept(failure);
    }
}
