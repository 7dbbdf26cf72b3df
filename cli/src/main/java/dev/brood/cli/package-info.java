/** The program {@code brood}: a thin use of the library's public face. What it needs and the face lacks is a fault of the face. */
@NullMarked
package dev.brood.cli;

import org.jspecify.annotations.NullMarked;
