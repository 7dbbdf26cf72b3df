package dev.brood;

import java.time.Duration;

/**
 * What a context has counted since it was opened: see {@link Brood#counters}. Taken one after the other while things go on, so a child may be in two of
 * them, or in none, for a moment.
 *
 * @param started children that were started
 * @param failedStarts starts that failed
 * @param live children whose exit has not begun to be delivered
 * @param exited children that ended by themselves, whatever the code
 * @param signaled children that a signal ended
 * @param lost children whose status nobody knows
 * @param robbed children that somebody else reaped; their exit is in one of the three above
 * @param orphans processes that were nobody's and that this context has reaped
 * @param unread events that nobody has taken from the queue
 * @param callbacks calls of the application's code
 * @param callbackTime how long these took together
 */
public record Counters(
        long started,
        long failedStarts,
        long live,
        long exited,
        long signaled,
        long lost,
        long robbed,
        long orphans,
        long unread,
        long callbacks,
        Duration callbackTime) {}
