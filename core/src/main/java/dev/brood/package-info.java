/**
 * Child processes: starting them, hearing how each ended, exactly once and truly.
 *
 * <p>{@link dev.brood.Brood} is a context that owns children; {@link dev.brood.Command} says what to start; {@link dev.brood.Child} is
 * the handle of one that was started; {@link dev.brood.Exit} tells how it ended.
 *
 * {@snippet :
 * try (Brood brood = Brood.open()) {
 *     Child child = brood.spawn(Command.of("make", "-j4").directory(Path.of("src")));
 *     Exit exit = child.await();
 *     System.out.println(child.describe()); // make [1234] exited with error status 2
 * }
 * }
 *
 * <h2>The house</h2>
 *
 * <pre>
 *   dev.brood          what a user meets
 *   .spawn .reap .stdio    a start as data; who hears a death and reaps; pipes
 *   .loop              descriptors and timers
 *   .sys               the only room that speaks C
 * </pre>
 *
 * Each room depends only on those below it, and rooms on one floor do not see each other.
 */
@NullMarked
package dev.brood;

import org.jspecify.annotations.NullMarked;
