package dev.brood;

import dev.brood.sys.Usage;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a child and those of its children that it waited for have used, as the kernel counts it (getrusage(2)).
 *
 * <p>Where nobody can know, it is {@link #UNKNOWN}, and the figures refuse to be asked: unknown is not zero.
 */
public final class ResourceUsage {
    /** Nobody can know: the status came without it, or is lost. */
    public static final ResourceUsage UNKNOWN = new ResourceUsage(null, OptionalLong.empty());

    private static final int KIB = 1024;

    private final @Nullable Usage usage;
    private final OptionalLong maxResidentBytes;

    private ResourceUsage(@Nullable Usage usage, OptionalLong maxResidentBytes) {
        this.usage = usage;
        this.maxResidentBytes = maxResidentBytes;
    }

    /** Translates what the kernel said. */
    static ResourceUsage of(Usage usage, long ownPeakKib) {
        boolean itsOwn = usage.maxResidentKib() > ownPeakKib;
        return new ResourceUsage(usage, itsOwn ? OptionalLong.of(usage.maxResidentKib() * KIB) : OptionalLong.empty());
    }

    /** {@return whether the figures are known} */
    public boolean isKnown() {
        return usage != null;
    }

    /** {@return the CPU time in user mode; throws IllegalStateException where unknown} */
    public Duration userTime() {
        return Duration.of(known().userMicros(), ChronoUnit.MICROS);
    }

    /** {@return the CPU time in the kernel; throws IllegalStateException where unknown} */
    public Duration systemTime() {
        return Duration.of(known().systemMicros(), ChronoUnit.MICROS);
    }

    /**
     * {@return the largest resident set, in bytes; empty where it is not above this JVM's own peak} The kernel begins to count a child's
     * at its parent's, so that a smaller one cannot be told.
     */
    public OptionalLong maxResidentBytes() {
        return maxResidentBytes;
    }

    /** {@return page faults that needed no device; throws IllegalStateException where unknown} */
    public long minorPageFaults() {
        return known().minorFaults();
    }

    /** {@return page faults that read from a device; throws IllegalStateException where unknown} */
    public long majorPageFaults() {
        return known().majorFaults();
    }

    /** {@return how often it waited for something; throws IllegalStateException where unknown} */
    public long voluntaryContextSwitches() {
        return known().voluntarySwitches();
    }

    /** {@return how often the kernel took the processor away from it; throws IllegalStateException where unknown} */
    public long involuntaryContextSwitches() {
        return known().involuntarySwitches();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ResourceUsage that
                && Objects.equals(usage, that.usage)
                && maxResidentBytes.equals(that.maxResidentBytes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(usage, maxResidentBytes);
    }

    @Override
    public String toString() {
        return usage == null
                ? "unknown"
                : "user " + userTime().toMillis() + " ms, system "
                        + systemTime().toMillis() + " ms";
    }

    private Usage known() {
        return Optional.ofNullable(usage).orElseThrow(() -> new IllegalStateException("the usage is unknown"));
    }
}
