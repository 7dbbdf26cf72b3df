package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.testing.Contract;
import org.junit.jupiter.api.Test;

/** A counter that nobody reads wakes its edge-triggered watcher once a signal. */
class EventFdTest {
    @Test
    void isSilentUntilSignalled() throws Exception {
        try (EventFd wake = EventFd.create();
                Epoll epoll = Epoll.create()) {
            epoll.add(wake.number(), Epoll.IN | Epoll.EDGE, 7);

            assertThat(Ready.now(epoll)).isEmpty();
        }
    }

    @Test
    @Contract("L05")
    void eachSignalIsAnEdgeThoughNobodyReads() throws Exception {
        try (EventFd wake = EventFd.create();
                Epoll epoll = Epoll.create()) {
            epoll.add(wake.number(), Epoll.IN | Epoll.EDGE, 7);
            for (int i = 0; i < 1000; i++) {
                wake.signal();

                assertThat(Ready.now(epoll)).containsExactly(new Ready.Event(Epoll.IN, 7));
                assertThat(Ready.now(epoll)).isEmpty();
            }
        }
    }

    @Test
    void signalBeforeItIsWatchedIsNotLost() throws Exception {
        try (EventFd wake = EventFd.create();
                Epoll epoll = Epoll.create()) {
            wake.signal();

            epoll.add(wake.number(), Epoll.IN | Epoll.EDGE, 7);

            assertThat(Ready.now(epoll)).hasSize(1);
        }
    }

    @Test
    @Contract("L05")
    void signalOfAnotherThreadEndsAWaitWithoutLimit() throws Exception {
        try (EventFd wake = EventFd.create();
                Epoll epoll = Epoll.create();
                Epoll.Events events = new Epoll.Events(1)) {
            epoll.add(wake.number(), Epoll.IN | Epoll.EDGE, 7);
            Thread signaller = Thread.ofPlatform().start(() -> {
                try {
                    wake.signal();
                } catch (ErrnoException failure) {
                    throw new AssertionError(failure);
                }
            });

            assertThat(epoll.await(events, -1)).isEqualTo(1);

            signaller.join();
        }
    }
}
