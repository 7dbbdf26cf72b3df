/** How a command becomes a child: what it gets, what hears of it, and the start itself. */
@NullMarked
package dev.brood.engine.starting;

import org.jspecify.annotations.NullMarked;
