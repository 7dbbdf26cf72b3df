package dev.brood.spawn;

import dev.brood.sys.Dumpable;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Starts that change user or capabilities. Until exec such a child shares the memory of this process, and what may look into the one could look
 * into the other: so for that time nobody may. One at a time, for the flag is the process's: the first to end would lift it for the others.
 */
final class Hidden {
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private Hidden() {}

    static Spawned call(Start start) throws IOException {
        ONE_AT_A_TIME.lock();
        try {
            return Dumpable.get() ? hidden(start) : start.make();
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    private static Spawned hidden(Start start) throws IOException {
        Dumpable.set(false);
        try {
            return start.make();
        } finally {
            Dumpable.set(true);
        }
    }
}
