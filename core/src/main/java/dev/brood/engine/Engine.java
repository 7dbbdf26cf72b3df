package dev.brood.engine;

import dev.brood.Brood;
import dev.brood.Closing;
import dev.brood.DeathWatch;
import dev.brood.Disaster;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Ownership;
import dev.brood.ProcessTerminal;
import dev.brood.Signal;
import dev.brood.engine.streams.LineHandler;
import dev.brood.log.Log;
import dev.brood.loop.EventLoop;
import dev.brood.spawn.Spawner;
import dev.brood.stdio.LineDecoder;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.ParentDeath;
import dev.brood.sys.Self;
import dev.brood.sys.SentFaults;
import dev.brood.sys.Subreaper;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The door: all that the words know of who does what they say. */
public final class Engine {
    private static final int OF_SIGNALS = 128; // as shells count

    private Engine() {}

    /**
     * What a context was built with.
     *
     * @param grace how long a zombie that is nobody's is left to others
     * @param loop the application's loop, or null for one with a thread of its own
     * @param atExit what to do when the JVM ends
     * @param threads makes that thread, or null for a plain one
     */
    public record Settings(
            Ownership ownership,
            DeathWatch deathWatch,
            Duration grace,
            @Nullable EventLoop loop,
            @Nullable ThreadFactory threads,
            Spawner spawner,
            Executor callbacks,
            Consumer<Disaster> onDisaster,
            Closing closing,
            Optional<Closing> atExit,
            boolean queueEvents) {}

    /** Opens a context. */
    public static Brood open(Settings settings) {
        return new OpenBrood(settings);
    }

    /** {@return a handler that takes lines} */
    public static OutputHandler lines(Charset charset, BiConsumer<Output, String> handler) {
        return new LineHandler(new LineDecoder(charset), handler);
    }

    /** {@return whether orphans come to this process} */
    public static boolean adoptsOrphans() {
        try {
            return Subreaper.adoptsOrphans();
        } catch (ErrnoException unknown) {
            return false;
        }
    }

    /** Has the kernel send this process a signal when its parent ends. */
    public static void parentDeathSignal(Signal signal) {
        try {
            ParentDeath.signal(signal.number());
        } catch (ErrnoException refused) {
            throw new UncheckedIOException("cannot ask for " + signal, refused);
        }
    }

    /** Opens this process's terminal, if it has one. */
    public static Optional<ProcessTerminal> terminal() {
        return OpenTerminal.open();
    }

    /** Drops what others send of the signals that faults raise: whether it can. */
    public static boolean dropSentFaults() {
        try {
            SentFaults.drop();
            return true;
        } catch (ErrnoException refused) {
            Log.LIBRARY.log(Level.DEBUG, "no handler can be put before the JVM's", refused);
            return false;
        }
    }

    /** Sends this process a signal. */
    public static void raise(Signal signal) {
        try {
            Self.signal(signal.number());
        } catch (ErrnoException refused) {
            throw new UncheckedIOException("cannot send " + signal, refused);
        }
    }

    /** Sends this process's group a signal. */
    public static void signalGroup(Signal signal) {
        try {
            Self.signalGroup(signal.number());
        } catch (ErrnoException refused) {
            throw new UncheckedIOException("cannot send " + signal, refused);
        }
    }

    /** Ends this process by a signal, or else with the code that stands for it. */
    public static void dieOf(Signal signal) {
        try {
            Self.dieOf(signal.number());
        } catch (ErrnoException refused) {
            Log.LIBRARY.log(Level.DEBUG, "cannot die of " + signal, refused);
        }
        Runtime.getRuntime().halt(OF_SIGNALS + signal.number());
    }
}
