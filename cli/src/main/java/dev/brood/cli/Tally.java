package dev.brood.cli;

import dev.brood.Exit;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How many children ended how. Thread-safe. */
final class Tally {
    private final Map<String, Integer> failures = new TreeMap<>();
    private long succeeded;
    private long failed;

    synchronized void count(Exit exit) {
        add(exit, 1);
    }

    /** One that could not be started. */
    synchronized void fail(String how) {
        add(how, 1);
    }

    /** One that is counted with its status, or will be, has failed for another reason. */
    synchronized void spoil(Exit exit, String how) {
        add(exit, -1);
        add(how, 1);
    }

    synchronized long done() {
        return succeeded + failed;
    }

    synchronized long failed() {
        return failed;
    }

    /** What ran, what failed and how, what was not started. */
    synchronized String summary(long notStarted, boolean moreInput) {
        String left = notStarted == 0 && !moreInput
                ? ""
                : ", " + (moreInput ? "at least " : "") + notStarted + " not started";
        String counts = done() + " run: " + succeeded + " succeeded, " + failed + " failed" + left;
        return failures.entrySet().stream()
                .map(entry -> System.lineSeparator() + "  " + entry.getValue() + " " + Shown.text(entry.getKey()))
                .collect(Collectors.joining("", counts, ""));
    }

    private void add(Exit exit, int number) {
        if (Failures.isGood(exit)) {
            succeeded += number;
        } else {
            add(Failures.kind(exit), number);
        }
    }

    private void add(String how, int number) {
        failed += number;
        failures.merge(how, number, (one, other) -> one + other == 0 ? null : one + other);
    }
}
