/**
 * Who hears a death, and who reaps.
 *
 * <p>A child is an {@link dev.brood.reap.ActiveChild} from its registration until just before its death is delivered. An
 * {@link dev.brood.reap.Owner} sees to it that it is reaped, an {@link dev.brood.reap.ExitSource} hears that it may be time to. Data
 * goes one way: hint, wait, {@link dev.brood.reap.Death}, delivery.
 */
@NullMarked
package dev.brood.reap;

import org.jspecify.annotations.NullMarked;
