/** What all tests share. */
@NullMarked
package dev.brood.testing;

import org.jspecify.annotations.NullMarked;
