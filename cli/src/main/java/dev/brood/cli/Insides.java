package dev.brood.cli;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the library and the JVM log, in a program whose users know nothing of either: what went wrong for them is a sentence of ours, of all else there is
 * nothing.
 */
public final class Insides extends System.LoggerFinder {
    /** Whose warnings concern who runs a command: that one could not be ended as was asked for, for one. */
    private static final Set<String> TOLD = Set.of("dev.brood", "dev.brood.loop");

    /** For the service loader. */
    public Insides() {}

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Sentences(name);
    }

    private record Sentences(String name) implements System.Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return TOLD.contains(name) && level.compareTo(Level.WARNING) >= 0 && level != Level.OFF;
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable cause) {
            if (isLoggable(level)) {
                Voice.say(message + (cause == null ? "" : ": " + Reason.of(cause)));
            }
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... parameters) {
            log(level, bundle, format == null ? null : MessageFormat.format(format, parameters), (Throwable) null);
        }
    }
}
