package dev.brood.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.sys.Epoll;
import dev.brood.sys.EventFd;
import dev.brood.testing.LoopHost;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/** Somebody else's loop: an executor's thread, which a second thread tells what has come. It knows levels only. */
final class HookHost implements LoopHooks, LoopHost {
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final Thread thread;
    private final Epoll epoll = Epoll.create();
    private final EventFd end = EventFd.create();
    private final Map<Long, IntConsumer> reports = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final CompletableFuture<Void> over;
    private final EventLoop loop;

    HookHost() throws Exception {
        thread = executor.submit(Thread::currentThread).get();
        epoll.add(end.number(), Epoll.IN, 0);
        over = CompletableFuture.runAsync(
                this::poll, task -> Thread.ofPlatform().start(task));
        loop = EventLoop.hooked(this, () -> Thread.currentThread() == thread);
    }

    @Override
    public Watched watch(int fd, int events, IntConsumer report) throws IOException {
        long id = ids.incrementAndGet();
        reports.put(id, report);
        try {
            epoll.add(fd, events, id);
        } catch (IOException refused) {
            reports.remove(id);
            throw refused;
        }
        return new Watched() {
            @Override
            public void change(int to) throws IOException {
                epoll.modify(fd, to, id);
            }

            @Override
            public void deregister() {
                reports.remove(id);
                try {
                    epoll.remove(fd);
                } catch (IOException failure) {
                    throw new AssertionError(failure);
                }
            }
        };
    }

    @Override
    public Timed schedule(Duration delay, Runnable report) {
        List<ScheduledFuture<?>> last = new ArrayList<>();
        Timed timed = new Timed() {
            @Override
            public void change(Duration to) {
                deregister();
                last.add(executor.schedule(report, to.toNanos(), TimeUnit.NANOSECONDS));
            }

            @Override
            public void deregister() {
                last.forEach(pending -> pending.cancel(false));
            }
        };
        timed.change(delay);
        return timed;
    }

    private void poll() {
        try (Epoll.Events events = new Epoll.Events(64)) {
            while (true) {
                int ready = epoll.await(events, -1);
                List<Runnable> all = new ArrayList<>();
                for (int i = 0; i < ready; i++) {
                    long id = events.data(i);
                    int bits = events.mask(i);
                    if (id == 0) {
                        return;
                    }
                    IntConsumer report = reports.get(id);
                    if (report != null) {
                        all.add(() -> report.accept(bits));
                    }
                }
                executor.submit(() -> all.forEach(Runnable::run)).get();
            }
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    ScheduledExecutorService executor() {
        return executor;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public Thread thread() {
        return thread;
    }

    @Override
    public void execute(Runnable work) {
        executor.execute(work);
    }

    @Override
    public void end() {
        loop.close();
        assertThat(reports).isEmpty();
        if (over.isDone()) {
            return;
        }
        try {
            end.signal();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        over.join();
        executor.close();
        epoll.close();
        end.close();
    }
}
