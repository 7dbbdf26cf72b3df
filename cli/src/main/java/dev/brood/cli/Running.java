package dev.brood.cli;

import dev.brood.Child;
import dev.brood.Reach;
import dev.brood.Signal;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The children that run, and for which items. Thread-safe. */
final class Running {
    private static final int NAMED = 10;

    private final Reach reach;
    private final Map<Child, Item> items = new ConcurrentHashMap<>();

    Running(Reach reach) {
        this.reach = reach;
    }

    /** One more, unless it has ended already. */
    void add(Child child, Item item) {
        items.put(child, item);
        if (!child.isActive()) {
            remove(child);
        }
    }

    void remove(Child child) {
        items.remove(child);
    }

    int size() {
        return items.size();
    }

    /** Ends them all, by TERM and, when the grace is over, by KILL. */
    void stop(Duration grace) {
        items.keySet().forEach(child -> child.stop(grace));
    }

    /** Signals them all, and whom they are ended with. */
    void signal(Signal signal) {
        items.keySet().forEach(child -> signal(child, signal));
    }

    /** Their items, the first of them by number, as messages name them. */
    String names() {
        String first = items.values().stream()
                .sorted((one, other) -> Long.compare(one.number(), other.number()))
                .limit(NAMED)
                .map(Item::shown)
                .collect(Collectors.joining(", "));
        int more = items.size() - NAMED;
        return more > 0 ? first + " and " + more + " more" : first;
    }

    private void signal(Child child, Signal signal) {
        try {
            boolean _ = child.signal(signal, reach);
        } catch (UncheckedIOException refused) {
            return; // it runs as somebody else by now
        }
    }
}
