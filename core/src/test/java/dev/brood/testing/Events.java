package dev.brood.testing;

import dev.brood.Child;
import dev.brood.Exit;
import dev.brood.ExitHandler;
import dev.brood.ExitStatus;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a handler was told. */
public final class Events implements ExitHandler {
    private final List<ExitStatus> statuses = new ArrayList<>();

    @Override
    public synchronized void exited(Child child, Exit exit) {
        statuses.add(exit.status());
    }

    public synchronized List<ExitStatus> statuses() {
        return List.copyOf(statuses);
    }
}
