/** Pipes as event sources, and what the views of a stream share. */
@NullMarked
package dev.brood.stdio;

import org.jspecify.annotations.NullMarked;
