package dev.brood.loop;

import dev.brood.testing.Contract;
import dev.brood.testing.LoopHost;
import dev.brood.testing.LoopSuite;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import java.util.concurrent.ExecutionException;

/** A loop that a thread of the caller's runs. */
@Contract({"L01", "L05", "L11"})
class CallersThreadTest extends LoopSuite {
    private static final class Host implements LoopHost {
        private final EventLoop loop = EventLoop.create();
        private final Other<Boolean> runner = Others.platform(() -> {
            loop.run();
            return true;
        });

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
            try {
                boolean _ = runner.result();
            } catch (InterruptedException | ExecutionException failure) {
                throw new AssertionError(failure);
            }
        }
    }

    @Override
    protected LoopHost open() throws Exception {
        Host host = new Host();
        Others.driverOf(host.loop); // from here on nobody else can
        return host;
    }
}
