package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.sys.Ready.Event;
import dev.brood.testing.Contract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tells which of many descriptors are ready. */
class EpollTest {
    private Epoll epoll;
    private Pipe pipe;

    @BeforeEach
    void open() throws ErrnoException {
        epoll = Epoll.create();
        pipe = Pipe.open();
    }

    @AfterEach
    void close() {
        pipe.close();
        epoll.close();
    }

    @Test
    void readableDescriptorIsToldAsLongAsItIs() throws ErrnoException {
        epoll.add(pipe.readEnd().number(), Epoll.IN, 1);
        assertThat(Ready.now(epoll)).isEmpty();
        Text.write(pipe.writeEnd(), "x");

        assertThat(Ready.next(epoll)).containsExactly(new Event(Epoll.IN, 1));
        assertThat(Ready.now(epoll)).containsExactly(new Event(Epoll.IN, 1));

        assertThat(Text.read(pipe.readEnd())).isEqualTo("x");
        assertThat(Ready.now(epoll)).isEmpty();
    }

    @Test
    void writableDescriptorIsTold() throws ErrnoException {
        epoll.add(pipe.writeEnd().number(), Epoll.OUT, 1);

        assertThat(Ready.now(epoll)).extracting(Event::mask).containsExactly(Epoll.OUT);
    }

    @Test
    @Contract("L11")
    void errorAndHangUpComeUnasked() throws ErrnoException {
        try (Pipe other = Pipe.open()) {
            epoll.add(pipe.readEnd().number(), 0, 1);
            pipe.writeEnd().close();
            assertThat(Ready.now(epoll)).extracting(Event::mask).containsExactly(Epoll.HUP);
            epoll.remove(pipe.readEnd().number());

            epoll.add(other.writeEnd().number(), 0, 2);
            other.readEnd().close();
            assertThat(Ready.now(epoll)).extracting(Event::mask).containsExactly(Epoll.ERR);
        }
    }

    @Test
    void dataComesBackBitForBit() throws ErrnoException {
        Text.write(pipe.writeEnd(), "x");
        epoll.add(pipe.readEnd().number(), Epoll.IN, 0);
        for (long data : new long[] {0, 1, -1, 0x0123456789abcdefL, Long.MIN_VALUE, Long.MAX_VALUE}) {
            epoll.modify(pipe.readEnd().number(), Epoll.IN, data);

            assertThat(Ready.now(epoll)).extracting(Event::data).containsExactly(data);
        }
    }

    @Test
    @Contract("C12")
    void manyAreToldInBatchesWithoutPassingAnyOver() throws ErrnoException {
        List<EventFd> ready = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                ready.add(EventFd.create());
                epoll.add(ready.get(i).number(), Epoll.IN | Epoll.EDGE, i);
                ready.get(i).signal();
            }
            List<Event> told = new ArrayList<>();
            for (int expected : new int[] {4, 4, 2, 0}) {
                List<Event> batch = Ready.now(epoll);
                assertThat(batch).hasSize(expected);
                told.addAll(batch);
            }

            assertThat(told).extracting(Event::data).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        } finally {
            ready.forEach(Fd::close);
        }
    }

    @Test
    void oneShotIsToldOnceUntilModified() throws ErrnoException {
        Text.write(pipe.writeEnd(), "x");
        int mask = Epoll.IN | Epoll.ONESHOT;
        epoll.add(pipe.readEnd().number(), mask, 1);

        assertThat(Ready.now(epoll)).hasSize(1);
        assertThat(Ready.now(epoll)).isEmpty();

        epoll.modify(pipe.readEnd().number(), mask, 2);
        assertThat(Ready.now(epoll)).extracting(Event::data).containsExactly(2L);
        assertThat(Ready.now(epoll)).isEmpty();
    }

    @Test
    @Contract("L11")
    void regularFileCannotBeWatched(@TempDir Path directory) throws ErrnoException {
        try (Fd file = Fd.open(Text.bytes(directory + "/file"), Fd.O_RDWR | Fd.O_CREAT, 0600)) {
            Fails.with("EPERM", () -> epoll.add(file.number(), Epoll.IN, 1));
        }
    }

    @Test
    void changesOfTheWrongStateFail() throws ErrnoException {
        int number = pipe.readEnd().number();

        Fails.with("ENOENT", () -> epoll.modify(number, Epoll.IN, 1));
        Fails.with("ENOENT", () -> epoll.remove(number));
        epoll.add(number, Epoll.IN, 1);
        Fails.with("EEXIST", () -> epoll.add(number, Epoll.IN, 1));
        pipe.readEnd().close();
        Fails.with("EBADF", () -> epoll.add(number, Epoll.IN, 1));
        Fails.with("EBADF", () -> epoll.modify(number, Epoll.IN, 1));
        Fails.with("EBADF", () -> epoll.remove(number));
    }

    @Test
    void removedDescriptorIsToldNoMore() throws ErrnoException {
        epoll.add(pipe.readEnd().number(), Epoll.IN, 1);
        Text.write(pipe.writeEnd(), "x");

        epoll.remove(pipe.readEnd().number());

        assertThat(Ready.now(epoll)).isEmpty();
    }

    @Test
    void closingAloneDoesNotHelpWhileACopyIsOpen() throws ErrnoException {
        try (Fd copy = Fd.duplicate(pipe.readEnd().number(), 0)) {
            epoll.add(pipe.readEnd().number(), Epoll.IN, 1);
            Text.write(pipe.writeEnd(), "x");

            pipe.readEnd().close();

            assertThat(copy.isOpen()).isTrue();
            assertThat(Ready.now(epoll)).hasSize(1);
        }
    }

    @Test
    void removingBeforeClosingHelpsThoughACopyIsOpen() throws ErrnoException {
        try (Fd copy = Fd.duplicate(pipe.readEnd().number(), 0)) {
            epoll.add(pipe.readEnd().number(), Epoll.IN, 1);
            Text.write(pipe.writeEnd(), "x");

            epoll.remove(pipe.readEnd().number());
            pipe.readEnd().close();

            assertThat(copy.isOpen()).isTrue();
            assertThat(Ready.now(epoll)).isEmpty();
        }
    }

    @Test
    @Contract("L08")
    void signalEndsTheWaitWithNoEvent() throws Exception {
        try (Interruption signals = Interruption.ofSystemCalls()) {
            Future<Integer> wait = signals.inThread(() -> {
                try (Epoll.Events own = new Epoll.Events(1)) {
                    return epoll.await(own, -1);
                }
            });

            signals.sendUntilDone(wait);

            assertThat(wait.get()).isZero();
        }
    }

    @Test
    void oneEpollCanBeWatchedByAnother() throws ErrnoException {
        try (Epoll outer = Epoll.create()) {
            epoll.add(pipe.readEnd().number(), Epoll.IN, 1);
            outer.add(epoll.number(), Epoll.IN, 2);
            assertThat(Ready.now(outer)).isEmpty();

            Text.write(pipe.writeEnd(), "x");

            assertThat(Ready.now(outer)).extracting(Event::data).containsExactly(2L);
        }
    }

    @Test
    void closedEpollIsNotWaitedOn() {
        epoll.close();

        assertThatThrownBy(() -> Ready.now(epoll)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> epoll.add(0, Epoll.IN, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void eventsBelongToTheThreadThatMadeThem() throws ErrnoException {
        epoll.add(pipe.writeEnd().number(), Epoll.OUT, 1);
        try (Epoll.Events events = new Epoll.Events(1)) {
            assertRefused(() -> epoll.await(events, 0));
            assertRefused(() -> events.mask(0));
            assertRefused(() -> events.data(0));
        }
    }

    @Test
    void closedEventsAreNotWrittenTo() throws ErrnoException {
        epoll.add(pipe.writeEnd().number(), Epoll.OUT, 1);
        Epoll.Events events = new Epoll.Events(1);

        events.close();

        assertThatThrownBy(() -> epoll.await(events, 0)).isInstanceOf(IllegalStateException.class);
    }

    private static void assertRefused(Callable<?> ofAnotherThread) {
        FutureTask<?> task = new FutureTask<>(ofAnotherThread);
        Thread.ofPlatform().start(task);
        assertThatThrownBy(task::get).hasCauseInstanceOf(WrongThreadException.class);
    }
}
