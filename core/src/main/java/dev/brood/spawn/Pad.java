package dev.brood.spawn;

import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A few low descriptor numbers, held from the first start on, for a start to put the child's descriptors on.
 *
 * <p>A child copies the descriptor table up to the highest number that it is given, and with thousands open a new pipe has a high one. From the
 * pad the same pipe costs a copy of a few dozen entries. At rest a pad refers to /dev/null: an end of a pipe left on it would hold back
 * the pipe's end of file. There are several, for threads that start at once; who finds none copies.
 */
final class Pad implements AutoCloseable {
    private static final int SLOTS = 4;
    private static final int PADS = 4;
    private static final int FIRST = 3; // below are the standard ones
    private static final int LOW = 256; // a pad that is not low is of no use
    private static final int GAIN = 32; // as many entries cost more to copy than six dup3

    private final List<Fd> slots;
    private final Fd nowhere;
    private int used;

    private Pad(List<Fd> slots, Fd nowhere) {
        this.slots = slots;
        this.nowhere = nowhere;
    }

    /** Takes a free pad, if the descriptors go on one and are high enough for it to pay; else null. */
    static @Nullable Pad take(NavigableSet<Integer> descriptors) {
        boolean pays = !descriptors.isEmpty() && descriptors.size() <= SLOTS && descriptors.last() >= All.end + GAIN;
        return pays ? All.FREE.poll() : null;
    }

    /** The number above all of a pad's. */
    int end() {
        return slots.getLast().number() + 1;
    }

    /** Puts a descriptor on the pad as well, close-on-exec: its number there. */
    int put(int source) throws ErrnoException {
        Fd slot = slots.get(used++);
        slot.become(source);
        return slot.number();
    }

    /** Refers to nowhere again, and is free. */
    @Override
    public void close() {
        try {
            while (used > 0) {
                slots.get(used - 1).become(nowhere.number());
                used--;
            }
        } catch (ErrnoException impossible) { // both are open, and dup3 needs no room
            throw new AssertionError(impossible);
        }
        All.FREE.add(this);
    }

    /** Has the pads made, if they are not yet: early, while low numbers are free. */
    static void hold() {
        All.load();
    }

    /** Made with the first start. */
    private static final class All {
        static final Queue<Pad> FREE = new ConcurrentLinkedQueue<>();
        static int end; // above all of them

        static {
            List<Fd> opened = new ArrayList<>();
            try {
                open(opened);
            } catch (ErrnoException none) { // the table is full, or there is no /dev: then descriptors are copied
                opened.forEach(Fd::close);
            }
        }

        static void load() {}

        private static void open(List<Fd> opened) throws ErrnoException {
            opened.add(Fd.open("/dev/null".getBytes(StandardCharsets.US_ASCII), Fd.O_RDWR, 0));
            Fd nowhere = opened.getFirst();
            while (opened.size() <= PADS * SLOTS) {
                opened.add(Fd.duplicate(nowhere.number(), FIRST));
            }
            if (opened.getLast().number() >= LOW) {
                throw new ErrnoException("dup", Errno.EMFILE);
            }
            end = opened.getLast().number() + 1;
            for (int i = 0; i < PADS; i++) {
                FREE.add(new Pad(opened.subList(1 + i * SLOTS, 1 + (i + 1) * SLOTS), nowhere));
            }
        }
    }
}
