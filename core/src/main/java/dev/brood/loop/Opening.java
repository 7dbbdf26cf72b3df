package dev.brood.loop;

import dev.brood.sys.Epoll;
import dev.brood.sys.EventFd;
import dev.brood.sys.Fd;
import dev.brood.sys.Platform;
import dev.brood.sys.TimerFd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Sets a loop up: opens its descriptors and puts its parts together. Where that fails, nothing is left open. */
final class Opening {
    private final List<Fd> opened = new ArrayList<>();

    /** How the parts come together. */
    @FunctionalInterface
    private interface Way {
        Driving open(Opening opening) throws IOException;
    }

    private Opening() {}

    /** Makes a loop that waits by an epoll and an alarm of its own. */
    static Driving plain(BooleanSupplier mayDrive) {
        return by(opening -> opening.openPlain(mayDrive));
    }

    /** Makes a loop for which a host waits. */
    static Driving hooked(LoopHooks host, BooleanSupplier onHostThread) {
        return by(opening -> opening.openHooked(host, onHostThread));
    }

    private static Driving by(Way way) {
        Platform.requireSupported();
        Platform.requireNativeAccess();
        Opening opening = new Opening();
        try {
            return way.open(opening);
        } catch (IOException failure) {
            opening.undo();
            throw new UncheckedIOException("cannot make an event loop", failure);
        } catch (RuntimeException failure) { // a hook's
            opening.undo();
            throw failure;
        }
    }

    private Driving openPlain(BooleanSupplier mayDrive) throws IOException {
        Epoll epoll = kept(Epoll.create());
        EventFd bell = kept(EventFd.create());
        TimerFd alarm = kept(TimerFd.create());
        epoll.add(bell.number(), Epoll.IN | Epoll.EDGE, Descriptors.WAKE_UP);
        epoll.add(alarm.number(), Epoll.IN | Epoll.EDGE, Descriptors.WAKE_UP);
        DriverSeat seat = new DriverSeat();
        EventSources sources = new EventSources(Poller.of(epoll), bell, Alarm.of(alarm), seat);
        return new Driving(new Turn(epoll, sources), sources, seat, mayDrive, false);
    }

    private Driving openHooked(LoopHooks host, BooleanSupplier onHostThread) throws IOException {
        Epoll epoll = kept(Epoll.create());
        EventFd bell = kept(EventFd.create());
        epoll.add(bell.number(), Epoll.IN | Epoll.EDGE, Descriptors.WAKE_UP);
        Hooks hooks = new Hooks(host, epoll);
        DriverSeat seat = new DriverSeat();
        EventSources sources = new EventSources(hooks, bell, hooks, seat);
        Turn turn = new Turn(epoll, sources);
        Driving driving = new Driving(turn, sources, seat, onHostThread, true);
        hooks.begin(new Reports(driving, turn, sources));
        return driving;
    }

    private <T extends Fd> T kept(T fd) {
        opened.add(fd);
        return fd;
    }

    private void undo() {
        opened.forEach(Fd::close);
    }
}
