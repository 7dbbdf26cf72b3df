package dev.brood.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the library logs while this is open, at every level, kept out of the build's output. The JVM sends it to java.util.logging. */
public final class Log implements AutoCloseable {
    private final Logger logger =
            Logger.getLogger("dev.brood"); // held, for the log manager does not; its children hand on to it
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Handler handler = new Collector();

    private Log() {}

    /** Begins to listen. One at a time. */
    public static Log open() {
        Log log = new Log();
        log.logger.addHandler(log.handler);
        log.logger.setUseParentHandlers(false);
        log.logger.setLevel(Level.ALL);
        return log;
    }

    /** {@return everything so far} */
    public List<LogRecord> records() {
        return List.copyOf(records);
    }

    /** {@return the messages so far of one level and one logger, and of no logger below it} */
    public List<String> messages(Level level, String name) {
        return records.stream()
                .filter(record -> record.getLevel().equals(level))
                .filter(record -> name.equals(record.getLoggerName()))
                .map(LogRecord::getMessage)
                .toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
        logger.setLevel(null);
    }

    private final class Collector extends Handler {
        Collector() {
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
