/** What living on a Netty loop costs, and costs that loop. */
@NullMarked
package dev.brood.bench.netty;

import org.jspecify.annotations.NullMarked;
