/** The loop and other loops: chapter L of the contract. */
@NullMarked
package dev.brood.promise.loops;

import org.jspecify.annotations.NullMarked;
