package dev.brood.loop;

import dev.brood.sys.Epoll;
import java.io.IOException;

/** Whoever watches descriptors for a loop. What it sees, it says with the data that came with the descriptor. */
interface Poller {
    void add(int fd, int mask, long data) throws IOException;

    void modify(int fd, int mask, long data) throws IOException;

    void remove(int fd) throws IOException;

    void close();

    /** An epoll of the loop's own. */
    static Poller of(Epoll epoll) {
        return new Poller() {
            @Override
            public void add(int fd, int mask, long data) throws IOException {
                epoll.add(fd, mask, data);
            }

            @Override
            public void modify(int fd, int mask, long data) throws IOException {
                epoll.modify(fd, mask, data);
            }

            @Override
            public void remove(int fd) throws IOException {
                epoll.remove(fd);
            }

            @Override
            public void close() {
                epoll.close();
            }
        };
    }
}
