/** Programs that show the library at work. */
@NullMarked
package dev.brood.examples;

import org.jspecify.annotations.NullMarked;
