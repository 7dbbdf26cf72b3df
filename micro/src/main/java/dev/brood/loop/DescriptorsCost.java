package dev.brood.loop;

import dev.brood.micro.Cost;
import dev.brood.sys.Epoll;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The table of descriptors that a loop watches, without epoll: no system call. */
public class DescriptorsCost extends Cost {
    private final Blind poller = new Blind();
    private final Descriptors table = new Descriptors(poller, () -> {}, _ -> {});

    /** How many descriptors are watched already. */
    @Param({"10", "10000"})
    public int others;

    @Setup
    public void watch() throws IOException {
        for (int fd = 0; fd < others; fd++) {
            table.add(fd, Interest.READ, _ -> {});
        }
    }

    /** As for a child that comes and goes. */
    @Benchmark
    public boolean watchAndCancel() throws IOException {
        return table.add(others, Interest.READ, _ -> {}).cancel();
    }

    /** From what the kernel said to the handler. */
    @Benchmark
    public int event() {
        return table.dispatch(poller.last, Epoll.IN, Descriptors.Watcher::fire);
    }

    /** Sees nothing. */
    private static final class Blind implements Poller {
        private long last;

        @Override
        public void add(int fd, int mask, long data) {
            last = data;
        }

        @Override
        public void modify(int fd, int mask, long data) {}

        @Override
        public void remove(int fd) {}

        @Override
        public void close() {}
    }
}
