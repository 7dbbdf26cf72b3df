package dev.brood.loop;

import dev.brood.sys.Epoll;
import dev.brood.sys.EventFd;
import dev.brood.testing.Contract;
import dev.brood.testing.LoopHost;
import dev.brood.testing.LoopSuite;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;

/** A loop inside somebody else's, which is an epoll, a bell and a queue. */
@Contract({"L01", "L02", "L05", "L11"})
class NestedTest extends LoopSuite {
    private static final class Host implements LoopHost {
        private static final int BELL = 1;
        private static final int GUEST = 2;

        private final Epoll epoll = Epoll.create();
        private final EventFd bell = EventFd.create();
        private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();
        private final Other<Boolean> runner;
        private final EventLoop loop;
        private volatile boolean over;
        private boolean released;

        Host() throws IOException {
            Thread[] thread = new Thread[1];
            loop = EventLoop.embedded(() -> Thread.currentThread() == thread[0]);
            epoll.add(bell.number(), Epoll.IN, BELL);
            epoll.add(loop.fd(), Epoll.IN, GUEST);
            runner = Others.platform(() -> {
                thread[0] = Thread.currentThread();
                return run();
            });
        }

        private boolean run() throws IOException {
            try (Epoll.Events events = new Epoll.Events(4)) {
                while (!over) {
                    int ready = epoll.await(events, -1);
                    for (int i = 0; i < ready; i++) {
                        serve(events.data(i));
                    }
                }
            }
            loop.close();
            return true;
        }

        private void serve(long who) throws IOException {
            if (who == GUEST) {
                dispatch();
                return;
            }
            int _ = bell.read(ByteBuffer.allocateDirect(Long.BYTES));
            for (Runnable next = work.poll(); next != null; next = work.poll()) {
                next.run();
            }
        }

        private void dispatch() {
            try {
                int _ = loop.dispatch();
            } catch (IllegalStateException closed) {
                over = true;
            }
        }

        @Override
        public EventLoop loop() {
            return loop;
        }

        @Override
        public void execute(Runnable one) {
            work.add(one);
            ring();
        }

        @Override
        public void end() {
            if (released) {
                return;
            }
            released = true;
            over = true;
            ring();
            try {
                boolean _ = runner.result();
            } catch (InterruptedException | ExecutionException failure) {
                throw new AssertionError(failure);
            }
            bell.close();
            epoll.close();
        }

        private void ring() {
            try {
                bell.signal();
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        }
    }

    @Override
    protected LoopHost open() throws IOException {
        return new Host();
    }
}
