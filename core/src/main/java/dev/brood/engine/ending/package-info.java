/** How a child is ended, and those with it. */
@NullMarked
package dev.brood.engine.ending;

import org.jspecify.annotations.NullMarked;
