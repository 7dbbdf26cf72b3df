/** Who reaps: chapter R of the contract. */
@NullMarked
package dev.brood.promise.reaping;

import org.jspecify.annotations.NullMarked;
