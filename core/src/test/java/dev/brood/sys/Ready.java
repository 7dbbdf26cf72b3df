package dev.brood.sys;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Waits for descriptors; the limit only bounds a hang. */
final class Ready {
    private static final int LIMIT = (int) TimeUnit.SECONDS.toMillis(30);

    /** What one wait told about one descriptor. */
    record Event(int mask, long data) {}

    private Ready() {}

    /** Waits until a descriptor is readable. */
    static void await(Fd fd) throws ErrnoException {
        try (Epoll epoll = Epoll.create()) {
            epoll.add(fd.number(), Epoll.IN, 0);
            if (next(epoll).isEmpty()) {
                throw new IllegalStateException(fd + " did not become readable");
            }
        }
    }

    /** Says whether it is readable now. */
    static boolean isReadable(Fd fd) throws ErrnoException {
        try (Epoll epoll = Epoll.create()) {
            epoll.add(fd.number(), Epoll.IN, 0);
            return !now(epoll).isEmpty();
        }
    }

    /** At most four events that are there now. */
    static List<Event> now(Epoll epoll) throws ErrnoException {
        return events(epoll, 0);
    }

    /** At most four events, waiting for the first. */
    static List<Event> next(Epoll epoll) throws ErrnoException {
        return events(epoll, LIMIT);
    }

    private static List<Event> events(Epoll epoll, int millis) throws ErrnoException {
        try (Epoll.Events events = new Epoll.Events(4)) {
            return IntStream.range(0, epoll.await(events, millis))
                    .mapToObj(index -> new Event(events.mask(index), events.data(index)))
                    .toList();
        }
    }
}
