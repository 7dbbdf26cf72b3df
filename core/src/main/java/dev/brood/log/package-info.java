/** What the library says to whoever reads logs. Every room may say something; nobody's log harms what it says it of. */
@NullMarked
package dev.brood.log;

import org.jspecify.annotations.NullMarked;
