/** A child's life, from its adoption until its exit is told: its audience, its signals, its handle. */
@NullMarked
package dev.brood.engine.life;

import org.jspecify.annotations.NullMarked;
