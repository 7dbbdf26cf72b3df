/**
 * A start as plain data, and who carries it out.
 *
 * <p>{@link dev.brood.spawn.SpawnRequest} says everything about one start. A {@link dev.brood.spawn.Spawner} makes a child of it; an
 * application can put its own in the place of the built-in one. Most programs never import this package.
 */
@NullMarked
package dev.brood.spawn;

import org.jspecify.annotations.NullMarked;
