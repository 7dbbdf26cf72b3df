/** Measurements, as ratios against the same work done otherwise in the same run. */
@NullMarked
package dev.brood.bench;

import org.jspecify.annotations.NullMarked;
