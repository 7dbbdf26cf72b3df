package dev.brood.cli;

import dev.brood.Signal;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The signals of this process as the JVM and the kernel tell of them.
 *
 * <p>Where the launcher has started the JVM, all are the library's to hear. Without {@code -Xrs} the JVM has handlers for some, and then it is asked, by
 * {@code sun.misc.Signal}, through reflection because javac's warning about it cannot be told to be quiet.
 */
final class Signals {
    private Signals() {}

    /** Calls {@code handler} for this signal from now on, on a thread of the JVM's. */
    static void handle(Signal signal, Consumer<Signal> handler) {
        handle(
                signal.name(),
                type -> Proxy.newProxyInstance(
                        type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                            handler.accept(signal);
                            return null;
                        }));
    }

    /** Ignores a signal from now on. */
    static void ignore(String signal) {
        handle(signal, type -> type.getField("SIG_IGN").get(null));
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
