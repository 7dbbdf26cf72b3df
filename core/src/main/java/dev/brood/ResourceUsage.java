package dev.brood;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a child and those of its children that it waited for have used, as the kernel counts it (getrusage(2)).
 *
 * <p>Where nobody can know, it is {@link #UNKNOWN}, and the figures refuse to be asked: unknown is not zero.
 *
 * @param figures what was counted; empty where nobody can know
 */
public record ResourceUsage(Optional<Figures> figures) {
    /** Nobody can know: the status came without it, or is lost. */
    public static final ResourceUsage UNKNOWN = new ResourceUsage(Optional.empty());

    /**
     * What was counted.
     *
     * @param userTime the CPU time in user mode
     * @param systemTime the CPU time in the kernel
     * @param maxResidentBytes the largest resident set; empty where it cannot be told from the JVM's
     * @param minorPageFaults page faults that needed no device
     * @param majorPageFaults page faults that read from a device
     * @param voluntaryContextSwitches how often it waited for something
     * @param involuntaryContextSwitches how often the kernel took the processor away from it
     */
    public record Figures(
            Duration userTime,
            Duration systemTime,
            OptionalLong maxResidentBytes,
            long minorPageFaults,
            long majorPageFaults,
            long voluntaryContextSwitches,
            long involuntaryContextSwitches) {}

    /** {@return whether the figures are known} */
    public boolean isKnown() {
        return figures.isPresent();
    }

    /** {@return the CPU time in user mode; throws IllegalStateException where unknown} */
    public Duration userTime() {
        return known().userTime();
    }

    /** {@return the CPU time in the kernel; throws IllegalStateException where unknown} */
    public Duration systemTime() {
        return known().systemTime();
    }

    /**
     * {@return the largest resident set, in bytes; empty where it is not above this JVM's own peak} The kernel begins to count a child's
     * at its parent's, so that a smaller one cannot be told.
     */
    public OptionalLong maxResidentBytes() {
        return isKnown() ? known().maxResidentBytes() : OptionalLong.empty();
    }

    /** {@return page faults that needed no device; throws IllegalStateException where unknown} */
    public long minorPageFaults() {
        return known().minorPageFaults();
    }

    /** {@return page faults that read from a device; throws IllegalStateException where unknown} */
    public long majorPageFaults() {
        return known().majorPageFaults();
    }

    /** {@return how often it waited for something; throws IllegalStateException where unknown} */
    public long voluntaryContextSwitches() {
        return known().voluntaryContextSwitches();
    }

    /** {@return how often the kernel took the processor away from it; throws IllegalStateException where unknown} */
    public long involuntaryContextSwitches() {
        return known().involuntaryContextSwitches();
    }

    @Override
    public String toString() {
        return isKnown()
                ? "user " + userTime().toMillis() + " ms, system "
                        + systemTime().toMillis() + " ms"
                : "unknown";
    }

    private Figures known() {
        return figures.orElseThrow(() -> new IllegalStateException("the usage is unknown"));
    }
}
