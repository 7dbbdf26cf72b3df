package dev.brood;

import java.util.ArrayList;
import java.util.List;

/** Keeps what a handler was told. */
final class Events implements ExitHandler {
    private final List<ExitStatus> statuses = new ArrayList<>();

    @Override
    public synchronized void exited(Child child, Exit exit) {
        statuses.add(exit.status());
    }

    synchronized List<ExitStatus> statuses() {
        return List.copyOf(statuses);
    }
}
