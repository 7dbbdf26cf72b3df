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
        if (status.success()) {
            succeeded++;
        } else {
            fail(status.describe());
        }
    }

    /** One that could not be started. */
    synchronized void fail(String how) {
        failed++;
        failures.merge(how, 1, Integer::sum);
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
}
