package dev.brood;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The events of {@link Flight}. Loaded where the JVM has a flight recorder, and not before one is asked for. */
final class FlightEvents {
    private static final String BROOD = "Brood";

    private FlightEvents() {}

    /** A start. */
    @Name("dev.brood.Spawn")
    @Label("Child Start")
    @Category(BROOD)
    @StackTrace
    static final class Spawn extends Event {
        @Label("Program")
        String program = "";

        @Label("Process Id")
        long pid; // -1 where it failed

        @Label("Took")
        @Timespan
        long took;
    }

    /** An exit, told to whoever holds the child. */
    @Name("dev.brood.Exit")
    @Label("Child Exit")
    @Category(BROOD)
    @StackTrace(false)
    static final class Ended extends Event {
        @Label("Program")
        String program = "";

        @Label("Process Id")
        long pid;

        @Label("Status")
        String status = "";

        @Label("Ending")
        String ending = "";

        @Label("Wall Time")
        @Timespan
        long wallTime;

        @Label("From Hearing to Telling")
        @Timespan
        long delay;
    }

    /** A process that was nobody's and was reaped. */
    @Name("dev.brood.UnknownChild")
    @Label("Unknown Child")
    @Category(BROOD)
    @StackTrace(false)
    static final class Unknown extends Event {
        @Label("Process Id")
        long pid;

        @Label("Status")
        String status = "";
    }

    /** Something failed in the machinery: a robbed child among others. */
    @Name("dev.brood.Disaster")
    @Label("Disaster")
    @Category(BROOD)
    @StackTrace(false)
    static final class Failed extends Event {
        @Label("Kind")
        String kind = "";

        @Label("Cause")
        String cause = "";
    }

    /** A callback of the application that held the loop. */
    @Name("dev.brood.SlowCallback")
    @Label("Slow Callback")
    @Category(BROOD)
    @StackTrace(false)
    static final class Slow extends Event {
        @Label("For")
        String title = "";

        @Label("Took")
        @Timespan
        long took;
    }
}
