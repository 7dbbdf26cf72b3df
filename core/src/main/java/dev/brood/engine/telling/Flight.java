package dev.brood.engine.telling;

import dev.brood.Disaster;
import dev.brood.Exit;
import dev.brood.ExitStatus;
import java.io.IOException;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/** Writes to the JVM's flight recorder. Where there is none, nothing of it is loaded. */
public final class Flight {
    private static final boolean THERE =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private static final long NO_PID = -1;

    private Flight() {}

    /** {@return what may become an event of a start that begins; null where nobody records} */
    public static FlightEvents.@Nullable Spawn starting() {
        if (!isOn()) {
            return null;
        }
        FlightEvents.Spawn event = new FlightEvents.Spawn();
        event.begin();
        return event;
    }

    /** A start has worked. */
    public static void started(FlightEvents.@Nullable Spawn event, String program, long pid) {
        if (event == null) {
            return;
        }
        event.end(); // until then it lasts no time, which is below every threshold
        if (event.shouldCommit()) {
            event.program = program;
            event.pid = pid;
            event.commit();
        }
    }

    /** A start has failed. */
    public static void notStarted(FlightEvents.@Nullable Spawn event, String program, IOException failure) {
        if (event == null) {
            return;
        }
        event.end();
        if (event.shouldCommit()) {
            event.program = program;
            event.pid = NO_PID;
            event.failure = failure.getMessage();
            event.commit();
        }
    }

    /** An exit that is told so many nanoseconds after it was heard of. */
    public static void ended(String program, long pid, Exit how, long delay) {
        if (isOn()) {
            FlightEvents.Ended event = new FlightEvents.Ended();
            if (event.shouldCommit()) {
                event.program = program;
                event.pid = pid;
                event.status = how.status().describe();
                event.ending = how.ending().name();
                event.wallTime = how.wallTime().toNanos();
                event.delay = delay;
                event.commit();
            }
        }
    }

    /** A process that was nobody's was reaped. */
    public static void unknown(long pid, ExitStatus status) {
        if (isOn()) {
            FlightEvents.Unknown event = new FlightEvents.Unknown();
            if (event.shouldCommit()) {
                event.pid = pid;
                event.status = status.describe();
                event.commit();
            }
        }
    }

    /** The machinery failed. */
    static void failed(Disaster disaster) {
        if (isOn()) {
            FlightEvents.Failed event = new FlightEvents.Failed();
            if (event.shouldCommit()) {
                event.kind = disaster.kind().name();
                event.cause = DisasterLog.message(disaster.cause());
                event.commit();
            }
        }
    }

    /** A callback begins. {@return what may become an event of it; null where nobody records} */
    static FlightEvents.@Nullable Slow calling() {
        if (!isOn()) {
            return null;
        }
        FlightEvents.Slow event = new FlightEvents.Slow();
        event.begin();
        return event;
    }

    /** A callback has held the loop. */
    static void slow(FlightEvents.@Nullable Slow event, String title) {
        if (event == null) {
            return;
        }
        event.end();
        if (event.shouldCommit()) {
            event.title = title;
            event.commit();
        }
    }

    /** Whether the recorder has ever been asked to record: the first event object alone has it set up, which takes as long as several starts. */
    private static boolean isOn() {
        return THERE && FlightRecorder.isInitialized();
    }
}
