package dev.brood.cli;

import dev.brood.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The signals that this program takes: those that ask it to end, and the one that tells of a terminal's new size. One of the former that is ignored stays so,
 * as nohup(1) wants it.
 *
 * <p>Where the launcher has started the JVM, all are the library's to hear. Without {@code -Xrs} the JVM has handlers for some, and then it is asked, by
 * {@code sun.misc.Signal}, through reflection because javac's warning about it cannot be told to be quiet.
 */
final class Signals {
    /** Those that ask many commands to end. The launcher blocks the same. */
    static final List<Signal> ENDING = List.of(Signal.INT, Signal.TERM, Signal.HUP, Signal.QUIT);

    /** Those that one command gets. The launcher blocks the same. */
    static final List<Signal> PASSED =
            List.of(Signal.INT, Signal.TERM, Signal.HUP, Signal.QUIT, Signal.USR1, Signal.USR2);

    /** Those that a terminal makes of a key. */
    static final Set<Signal> OF_THE_TERMINAL = Set.of(Signal.INT, Signal.QUIT);

    private Signals() {}

    /** Calls {@code handler} for each of these signals from now on, on the loop or on a thread of the JVM's. */
    static void handle(List<Signal> signals, Consumer<Signal> handler) {
        long ignored = ignoredAtFirst();
        for (Signal signal : signals) {
            if ((ignored >>> (signal.number() - 1) & 1) == 0) {
                handle(signal, () -> handler.accept(signal));
            }
        }
    }

    private static void handle(Signal signal, Runnable handler) {
        try {
            Ear.hear(signal, handler);
        } catch (UncheckedIOException theJvms) {
            install(signal.name(), handler);
        }
    }

    /** Calls {@code handler}, on a thread of the JVM's, whenever the size of our terminal has changed. */
    static void onResize(Runnable handler) {
        install("WINCH", handler);
    }

    /**
     * Whether an INT or QUIT comes from the terminal: then its whole foreground group has it already, our children among them. True where this
     * process is in that group.
     */
    static boolean terminalTellsChildren() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1); // from the third, proc(5)
            return fields[2].equals(fields[5]); // pgrp, tpgid
        } catch (IOException noProc) {
            return false;
        }
    }

    /** Ignores a signal from now on. */
    static void ignore(String signal) {
        handle(signal, type -> type.getField("SIG_IGN").get(null));
    }

    private static void install(String signal, Runnable handler) {
        handle(
                signal,
                type -> Proxy.newProxyInstance(
                        type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                            handler.run();
                            return null;
                        }));
    }

    /** Makes a handler of the JVM's type for them. */
    private interface Maker {
        Object make(Class<?> type) throws ReflectiveOperationException;
    }

    private static void handle(String signal, Maker maker) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object named = type.getConstructor(String.class).newInstance(signal);
            type.getMethod("handle", type, handlerType).invoke(null, named, maker.make(handlerType));
        } catch (ReflectiveOperationException refused) {
            // -Xrs: the JVM was told to leave signals alone, and their defaults end it
        }
    }

    /** The signals that were ignored when this process began, bit 0 being signal 1. */
    static long ignoredAtFirst() {
        return Found.here().map(Found::ignored).orElseGet(Signals::ignored);
    }

    /** The signals that this process ignores now. */
    static long ignored() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .findFirst()
                    .orElse(0);
        } catch (IOException noProc) {
            return 0;
        }
    }
}
