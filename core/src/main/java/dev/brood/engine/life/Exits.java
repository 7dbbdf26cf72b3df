package dev.brood.engine.life;

import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.ResourceUsage;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.reap.Death;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Usage;
import dev.brood.sys.WaitStatus;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;

/** Where a death becomes an exit. */
public final class Exits {
    private static final int KIB = 1024;

    private Exits() {}

    /** How it ended, as far as anybody knows. */
    static ExitStatus status(Death death) {
        return switch (death) {
            case Death.Reaped reaped -> status(reaped.status());
            case Death.Recovered recovered -> status(recovered.status());
            case Death.Reported reported -> status(reported.status());
            case Death.Robbed _ -> new Lost(Lost.Reason.ROBBED);
            case Death.Abandoned _ -> new Lost(Lost.Reason.ABANDONED);
            case Death.Unheard _ -> new Lost(Lost.Reason.UNHEARD);
        };
    }

    public static ExitStatus status(WaitStatus status) {
        return status.exited()
                ? new Exited(status.code())
                : new Signaled(new Signal(status.signal()), status.coreDumped());
    }

    /** What began it, where we did not. */
    static Ending ending(ExitStatus status) {
        return status instanceof Lost(Lost.Reason reason) && reason != Lost.Reason.ROBBED
                ? Ending.ABANDONED
                : Ending.BY_ITSELF;
    }

    /** How long it had, where that began its end; the limit of a service's start is none of the command's. */
    static Optional<Duration> limit(Command.Parts command, Ending ending, Duration wallTime) {
        return switch (ending) {
            case DEADLINE -> command.deadline().filter(limit -> limit.compareTo(wallTime) <= 0);
            case SILENCE -> command.silence();
            default -> Optional.empty();
        };
    }

    /** What it used: only who reaps is told. */
    static ResourceUsage usage(Death death) {
        return death instanceof Death.Reaped reaped ? usage(reaped.usage()) : ResourceUsage.UNKNOWN;
    }

    private static ResourceUsage usage(Usage usage) {
        return new ResourceUsage(Optional.of(new ResourceUsage.Figures(
                Duration.of(usage.userMicros(), ChronoUnit.MICROS),
                Duration.of(usage.systemMicros(), ChronoUnit.MICROS),
                PeakMemory.bytes(usage.maxResidentKib()),
                usage.minorFaults(),
                usage.majorFaults(),
                usage.voluntarySwitches(),
                usage.involuntarySwitches())));
    }

    /** The JVM's own peak of memory, below which a child's cannot be told. */
    private static final class PeakMemory {
        private static volatile long seenKib;

        /** A peak only grows: a child's that is not above an old one is not above today's. */
        static OptionalLong bytes(long childKib) {
            boolean itsOwn = childKib > seenKib && childKib > seenNow();
            return itsOwn ? OptionalLong.of(childKib * KIB) : OptionalLong.empty();
        }

        private static long seenNow() {
            try {
                seenKib = Usage.self().maxResidentKib();
                return seenKib;
            } catch (ErrnoException unknown) {
                return Long.MAX_VALUE;
            }
        }
    }
}
