/**
 * The only room that speaks C: one class a facility of the kernel or libc.
 *
 * <p>It returns what the kernel said, as small values, or fails with the errno in the same breath. It holds no policy and knows no
 * word of the floors above. Linux only, x86-64 and aarch64; system calls go by number through {@link Linkage}, so that glibc and
 * musl look alike and one call shape serves nearly everything.
 */
@NullMarked
package dev.brood.sys;

import org.jspecify.annotations.NullMarked;
