/** The measured programs in Java: the same work, done by several libraries, a piece of it for each line that is read. */
@NullMarked
package dev.brood.bench.subject;

import org.jspecify.annotations.NullMarked;
