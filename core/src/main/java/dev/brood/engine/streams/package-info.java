/** A child's pipes in three views, and their ends. */
@NullMarked
package dev.brood.engine.streams;

import org.jspecify.annotations.NullMarked;
