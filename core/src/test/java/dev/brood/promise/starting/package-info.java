/** Starting: chapter S of the contract. */
@NullMarked
package dev.brood.promise.starting;

import org.jspecify.annotations.NullMarked;
