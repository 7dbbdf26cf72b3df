/** Signals, deadlines, ends: chapter K of the contract. */
@NullMarked
package dev.brood.promise.ending;

import org.jspecify.annotations.NullMarked;
