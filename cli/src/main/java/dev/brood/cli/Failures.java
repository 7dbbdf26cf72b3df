package dev.brood.cli;

import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.ExitStatus;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Says which items have failed, and how: the first of them at once, for the rest is in the sum. Thread-safe. */
final class Failures {
    private static final int NAMED = 10;

    private final Progress progress;
    private final AtomicInteger count = new AtomicInteger();

    Failures(Progress progress) {
        this.progress = progress;
    }

    /** How a child has ended that was not well: those that are alike are counted together. */
    static String kind(Exit exit) {
        ExitStatus status = exit.status();
        if (exit.ending() != Ending.DEADLINE) {
            return status.describe();
        }
        return (status.success() ? "ended" : status.describe()) + " at the deadline";
    }

    /** Whether a child has ended well: not one that ended because its deadline had passed. */
    static boolean isGood(Exit exit) {
        return exit.status().success() && exit.ending() != Ending.DEADLINE;
    }

    void ended(Item item, Exit exit) {
        say(item, kind(exit) + " after " + Durations.text(exit.wallTime()));
    }

    void notStarted(Item item, String why) {
        say(item, why);
    }

    /** Says another sentence, which is made there. */
    void tell(Supplier<String> sentence) {
        Voice.run(() -> progress.say(sentence.get()));
    }

    /** Whether some are not named. */
    boolean isTooMany() {
        return count.get() > NAMED;
    }

    private void say(Item item, String how) {
        int number = count.incrementAndGet();
        if (number <= NAMED) {
            Voice.run(() -> progress.say(item.shown() + ": " + how));
        } else if (number == NAMED + 1) {
            Voice.run(() -> progress.say("more have failed: from now on they are counted"));
        }
    }
}
