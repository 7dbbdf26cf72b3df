/** A child is an event source: chapter C of the contract. */
@NullMarked
package dev.brood.promise.children;

import org.jspecify.annotations.NullMarked;
