package dev.brood.micro;

import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Registration;
import dev.brood.sys.EventFd;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A turn of a loop that an application dispatches, with the system calls it makes. */
public class TurnCost extends Cost {
    private final EventLoop loop = EventLoop.create();

    /** Nothing to do: what a look costs. */
    @Benchmark
    public int nothing() {
        return loop.dispatch();
    }

    /** One task, handed over right before: two system calls. */
    @Benchmark
    public int task() {
        loop.execute(() -> {});
        return loop.dispatch();
    }

    /** One timer that is due at once: two system calls. */
    @Benchmark
    public int timer() {
        Registration _ = loop.schedule(Duration.ZERO, () -> {});
        return loop.dispatch();
    }

    /** Descriptors that are ready: one system call for all. */
    @Benchmark
    public int descriptors(Ready ready) {
        return ready.loop.dispatch();
    }

    @TearDown
    public void close() {
        loop.close();
    }

    /** A loop with descriptors that stay ready, because nobody reads them. */
    @State(Scope.Thread)
    public static class Ready {
        private final EventLoop loop = EventLoop.create();
        private final List<EventFd> counters = new ArrayList<>();

        /** How many. */
        @Param({"1", "64"})
        public int count;

        @Setup
        public void open() throws IOException {
            for (int i = 0; i < count; i++) {
                EventFd counter = EventFd.create();
                counters.add(counter);
                counter.signal();
                loop.watch(counter.number(), Interest.READ, _ -> {});
            }
        }

        @TearDown
        public void close() {
            loop.close();
            counters.forEach(EventFd::close);
        }
    }
}
