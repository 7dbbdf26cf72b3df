/** What a context has counted, as meters of Micrometer. */
@NullMarked
package dev.brood.micrometer;

import org.jspecify.annotations.NullMarked;
