/** Standard streams: chapter I of the contract. */
@NullMarked
package dev.brood.promise.streams;

import org.jspecify.annotations.NullMarked;
