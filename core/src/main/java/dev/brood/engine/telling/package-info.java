/** What every room of the engine stands on: the turns of the loop, calling the application, and recording what happens. */
@NullMarked
package dev.brood.engine.telling;

import org.jspecify.annotations.NullMarked;
