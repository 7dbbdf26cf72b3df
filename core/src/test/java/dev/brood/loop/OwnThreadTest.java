package dev.brood.loop;

import dev.brood.testing.Contract;
import dev.brood.testing.LoopHost;
import dev.brood.testing.LoopSuite;

/** A loop with a thread of its own. */
@Contract({"L01", "L05", "L11"})
class OwnThreadTest extends LoopSuite {
    @Override
    protected LoopHost open() {
        EventLoop loop = EventLoop.threaded();
        return new LoopHost() {
            @Override
            public EventLoop loop() {
                return loop;
            }

            @Override
            public void execute(Runnable work) {
                loop.execute(work);
            }

            @Override
            public void end() {
                loop.close();
            }
        };
    }
}
