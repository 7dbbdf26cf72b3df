package dev.brood.engine.life;

import dev.brood.Command;
import java.time.Duration;
import java.util.Optional;

/** How long the outputs of a child that has ended are waited for: as its command says, or as follows from its deadline. */
final class Drains {
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private Drains() {}

    /**
     * The limits, if there are any.
     *
     * @param age of the child at its end
     */
    static Optional<Command.Drain> of(Command.Parts command, Duration age) {
        Optional<Duration> bound = command.deadline()
                .map(deadline -> bound(deadline.minus(age), command.ladder().length()));
        Optional<Command.Drain> said = command.drain();
        if (said.isEmpty()) {
            return bound.map(most -> new Command.Drain(most, most));
        }
        return isRearmed(said.get()) && bound.isPresent() ? said.map(drain -> within(drain, bound.get())) : said;
    }

    /** Whether it matters when something was last written. */
    static boolean areNoted(Command.Parts command) {
        return command.silence().isPresent()
                || command.drain().filter(Drains::isRearmed).isPresent();
    }

    /** Whether it begins anew while something is written. */
    private static boolean isRearmed(Command.Drain drain) {
        return !drain.quiet().equals(drain.most());
    }

    /** As long as the ladder, from the deadline on, or from the end where that came later. */
    private static Duration bound(Duration left, Duration ladder) {
        try {
            return left.isPositive() ? left.plus(ladder) : ladder;
        } catch (ArithmeticException tooLong) {
            return FOREVER;
        }
    }

    private static Command.Drain within(Command.Drain drain, Duration most) {
        return drain.most().compareTo(most) < 0 ? drain : new Command.Drain(drain.quiet(), most);
    }
}
