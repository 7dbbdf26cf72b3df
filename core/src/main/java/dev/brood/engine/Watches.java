package dev.brood.engine;

import dev.brood.Signal;
import dev.brood.Watch;
import dev.brood.engine.telling.Telling;
import dev.brood.engine.telling.Waiting;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Registration;
import dev.brood.reap.PidWatch;
import dev.brood.reap.SignalWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What a context waits for besides its children: ends of strangers and signals, until it is closed. Any thread. */
final class Watches {
    private final EventLoop loop;
    private final Telling telling;
    private final Occupancy occupancy;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    Watches(EventLoop loop, Telling telling, Occupancy occupancy) {
        this.loop = loop;
        this.telling = telling;
        this.occupancy = occupancy;
    }

    Watch process(long pid, Runnable gone) {
        requireOpen();
        CompletableFuture<Watch> self = new CompletableFuture<>();
        try {
            Registration registration = PidWatch.begin(loop, pid, () -> {
                CompletableFuture<Void> _ = self.thenAccept(watches::remove); // perhaps before it is in there
                boolean _ = telling.call(() -> "process " + pid, gone, gone);
            });
            Watch watch = kept(registration);
            self.complete(watch);
            return watch;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot watch process " + pid, failure);
        }
    }

    Watch signal(Signal signal, Runnable heard) {
        requireOpen();
        try {
            return kept(SignalWatch.begin(loop, signal.number(), () -> {
                boolean _ = telling.call(() -> "signal " + signal, heard, heard);
            }));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot hear " + signal, failure);
        }
    }

    /** The context is closed. */
    void end() {
        over = true;
        watches.forEach(Watch::cancel);
    }

    private void requireOpen() {
        telling.reentry().refuse();
        occupancy.requireOpen();
    }

    /** One that comes too late is refused. */
    private Watch kept(Registration registration) {
        Watch watch = new Waiting(registration, watches::remove);
        watches.add(watch);
        if (over) {
            boolean _ = watch.cancel();
            occupancy.requireOpen(); // which it is not
        }
        return watch;
    }
}
