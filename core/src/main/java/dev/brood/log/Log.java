package dev.brood.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The one door to the application's log, which is code of others: it can throw, as an appender does that was closed, or print a cause whose own
 * {@code toString} throws. That harms nobody here. Any thread, no lock held.
 */
public final class Log {
    /** What concerns the application. */
    public static final Log LIBRARY = new Log("dev.brood");
    /** Callbacks of the application that hold a loop. */
    public static final Log CALLBACKS = new Log("dev.brood.callback");
    /** Ends that nobody has asked about. */
    public static final Log EXITS = new Log("dev.brood.exit");
    /** Children that nobody has started. */
    public static final Log UNKNOWN = new Log("dev.brood.unknown");
    /** What fails on a loop. */
    public static final Log LOOP = new Log("dev.brood.loop");
    /** How children are started. */
    public static final Log SPAWN = new Log("dev.brood.spawn");

    private final String name;
    private volatile @Nullable Logger
            logger; // looked for when something is first said: that takes a fresh JVM as long as a start

    private Log(String name) {
        this.name = name;
    }

    /** Says something. */
    public void log(Level level, String message) {
        boolean _ = isSaid(level, message, null);
    }

    /** Says something, and why; where that cannot be printed, what kind of thing it is. */
    public void log(Level level, String message, Throwable cause) {
        if (!isSaid(level, message, cause)) {
            log(level, message + ": " + cause.getClass().getName());
        }
    }

    private boolean isSaid(Level level, String message, @Nullable Throwable cause) {
        try {
            logger().log(level, message, cause);
            return true;
        } catch (Throwable thrown) { // nobody is left to be told
            return false;
        }
    }

    private Logger logger() {
        Logger found = logger;
        if (found == null) {
            found = System.getLogger(name);
            logger = found;
        }
        return found;
    }
}
