/** What the words say is done here: the door, and a context put together from the rooms below. Hidden. */
@NullMarked
package dev.brood.engine;

import org.jspecify.annotations.NullMarked;
