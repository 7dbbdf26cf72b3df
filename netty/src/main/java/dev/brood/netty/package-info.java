/** Brood inside Netty 4.2: its loop on a Netty event loop, its pipes as a Netty channel. {@link dev.brood.netty.BroodNetty} has both. */
@NullMarked
package dev.brood.netty;

import org.jspecify.annotations.NullMarked;
