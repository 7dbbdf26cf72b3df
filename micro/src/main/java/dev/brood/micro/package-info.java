/**
 * Times of the small hot paths, by JMH. What a room keeps to itself is measured from a class of the same package beside it, which the class
 * path allows.
 */
@NullMarked
package dev.brood.micro;

import org.jspecify.annotations.NullMarked;
