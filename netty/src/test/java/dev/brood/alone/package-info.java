/** A program that has not every transport. Outside of the module's package, for there it is a module. */
@NullMarked
package dev.brood.alone;

import org.jspecify.annotations.NullMarked;
