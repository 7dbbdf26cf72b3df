package dev.brood.cli;

import dev.brood.ExitStatus;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How many children ended how. Thread-safe. */
final class Tally {
    private final Map<String, Integer> failures = new TreeMap<>();
    private long succeeded;
    private long failed;

    synchronized void count(ExitStatus status) {
        add(status, 1);
    }

    /** One that could not be started. */
    synchronized void fail(String how) {
        add(how, 1);
    }

    /** One that is counted with its status, or will be, has failed for another reason. */
    synchronized void spoil(ExitStatus status, String how) {
        add(status, -1);
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
                .map(entry -> System.lineSeparator() + "  " + entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining("", counts, ""));
    }

    private void add(ExitStatus status, int number) {
        if (status.success()) {
            succeeded += number;
        } else {
            add(status.describe(), number);
        }
    }

    private void add(String how, int number) {
        failed += number;
        failures.merge(how, number, (one, other) -> one + other == 0 ? null : one + other);
    }
}
