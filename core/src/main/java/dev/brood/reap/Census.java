package dev.brood.reap;

import java.io.IOException;
import java.lang.ref.SoftReference;
import org.jspecify.annotations.Nullable;

/**
 * The latest look at the processes of this system, shared by everybody in this process for whom it is late enough: a walk takes about 10 µs a
 * process. Any thread; whoever asks while another one walks waits for that walk.
 */
final class Census {
    private static SoftReference<ProcessTable> latest = new SoftReference<>(null); // guarded by the class, as is:
    private static long walks;

    private Census() {}

    /** {@return who there was since a moment of {@link System#nanoTime} which has passed} */
    static synchronized ProcessTable since(long moment) throws IOException {
        ProcessTable last = latest.get();
        return last != null && last.isSince(moment) ? last : walk(last);
    }

    /**
     * Who there was after a death. One look is enough for all who were dead before it.
     *
     * @param pid of a zombie that nobody reaps meanwhile
     * @param moment when it was alive
     */
    static synchronized ProcessTable sinceDeathOf(long pid, long moment) throws IOException {
        ProcessTable last = latest.get();
        return last != null && last.isSince(moment) && last.wasOver(pid) ? last : walk(last);
    }

    /** {@return how many walks there have been} */
    static synchronized long walks() {
        return walks;
    }

    private static ProcessTable walk(@Nullable ProcessTable before) throws IOException {
        walks++;
        ProcessTable now = ProcessTable.read(before);
        latest = new SoftReference<>(now);
        return now;
    }
}
