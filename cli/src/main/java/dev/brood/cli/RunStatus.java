package dev.brood.cli;

import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.ExitStatus;
import dev.brood.Pipeline;
import dev.brood.Signal;
import dev.brood.Signaled;
import java.util.List;
import java.util.Optional;

/**
 * With which status {@code brood run} ends.
 *
 * @param pipefail whether a pipeline ends as its last failure, not as its last command
 * @param preserved whether a command that its deadline ended is like any other
 */
record RunStatus(boolean pipefail, boolean preserved) {
    private static final int FAILED = 1;
    private static final int TIMED_OUT = 124; // as timeout(1), which says 137 where it took a KILL
    private static final int KILLED = 128 + 9;

    /** Of commands that ended so, the last one last; {@code lossless} where all that was to be written is. */
    int of(List<Exit> exits, boolean lossless) {
        List<Exit> late =
                exits.stream().filter(exit -> exit.ending() == Ending.DEADLINE).toList();
        if (!preserved && !late.isEmpty()) {
            return late.stream().anyMatch(RunStatus::isKilled) ? KILLED : TIMED_OUT;
        }
        ExitStatus status = deciding(exits);
        return lossless || !status.success() ? status.shellCode() : FAILED;
    }

    /** Of what a command has died, which stands for all; not where the deadline was the cause. */
    Optional<ExitStatus> death(List<Exit> exits) {
        boolean late = exits.stream().anyMatch(exit -> exit.ending() == Ending.DEADLINE);
        return late && !preserved ? Optional.empty() : Optional.of(deciding(exits));
    }

    private ExitStatus deciding(List<Exit> exits) {
        return pipefail ? Pipeline.pipefail(exits) : exits.getLast().status();
    }

    private static boolean isKilled(Exit exit) {
        return exit.status() instanceof Signaled signaled && signaled.signal().equals(Signal.KILL);
    }
}
