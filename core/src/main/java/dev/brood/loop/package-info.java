/**
 * The loop: what waits for descriptors and timers and runs what belongs to them. It knows nothing of children.
 *
 * <p>Most programs never see it, for a context makes one of its own. Those that have a loop already, or a thread to spare, meet
 * {@link dev.brood.loop.EventLoop}.
 */
@NullMarked
package dev.brood.loop;

import org.jspecify.annotations.NullMarked;
