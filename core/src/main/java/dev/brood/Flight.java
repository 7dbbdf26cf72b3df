package dev.brood;

/** Writes to the JVM's flight recorder. Where there is none, nothing of it is loaded. */
final class Flight {
    private static final boolean THERE =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private Flight() {}

    /** A start that took so many nanoseconds; {@code pid} is -1 where it failed. */
    static void spawned(String program, long pid, long took) {
        if (THERE) {
            FlightEvents.Spawn event = new FlightEvents.Spawn();
            if (event.shouldCommit()) {
                event.program = program;
                event.pid = pid;
                event.took = took;
                event.commit();
            }
        }
    }

    /** An exit that is told so many nanoseconds after it was heard of. */
    static void ended(Life life, Exit how, long delay) {
        if (THERE) {
            FlightEvents.Ended event = new FlightEvents.Ended();
            if (event.shouldCommit()) {
                event.program = life.name();
                event.pid = life.active().pid();
                event.status = how.status().describe();
                event.ending = how.ending().name();
                event.wallTime = how.wallTime().toNanos();
                event.delay = delay;
                event.commit();
            }
        }
    }

    /** A process that was nobody's was reaped. */
    static void unknown(long pid, ExitStatus status) {
        if (THERE) {
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
        if (THERE) {
            FlightEvents.Failed event = new FlightEvents.Failed();
            if (event.shouldCommit()) {
                event.kind = disaster.kind().name();
                event.cause = String.valueOf(disaster.cause().getMessage());
                event.commit();
            }
        }
    }

    /** A callback held the loop for so many nanoseconds. */
    static void slow(String title, long took) {
        if (THERE) {
            FlightEvents.Slow event = new FlightEvents.Slow();
            if (event.shouldCommit()) {
                event.title = title;
                event.took = took;
                event.commit();
            }
        }
    }
}
