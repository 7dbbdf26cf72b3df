package dev.brood.netty;

import dev.brood.testing.Contract;
import dev.brood.testing.LoopHost;
import dev.brood.testing.LoopSuite;

/** A loop on a Netty loop. */
@Contract({"L01", "L07"})
class IoUringLoopTest extends LoopSuite {
    @Override
    protected LoopHost open() {
        return Transport.IO_URING.open();
    }
}
