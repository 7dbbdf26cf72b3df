/**
 * Races of what crosses threads, by jcstress: two actors meet millions of times, and each outcome that is not named here is an error. What a
 * room keeps to itself is raced from a class of the same package beside it, which the class path allows.
 */
@NullMarked
package dev.brood.stress;

import org.jspecify.annotations.NullMarked;
