/** When the machinery fails: chapter D of the contract. */
@NullMarked
package dev.brood.promise.failing;

import org.jspecify.annotations.NullMarked;
