/** Seeing what happens: chapter O of the contract. */
@NullMarked
package dev.brood.promise.seeing;

import org.jspecify.annotations.NullMarked;
