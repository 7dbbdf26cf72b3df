package dev.brood;

import java.time.Duration;

/**
 * A child's end.
 *
 * @param status how it ended
 * @param usage what it used; {@link ResourceUsage#UNKNOWN} where nobody can know
 * @param wallTime from its start until its end was heard
 * @param ending what began its end
 */
public record Exit(ExitStatus status, ResourceUsage usage, Duration wallTime, Ending ending) {}
