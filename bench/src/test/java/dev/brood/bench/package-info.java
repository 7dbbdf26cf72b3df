/** Tests of what the measurements say, with numbers that are known. */
@NullMarked
package dev.brood.bench;

import org.jspecify.annotations.NullMarked;
