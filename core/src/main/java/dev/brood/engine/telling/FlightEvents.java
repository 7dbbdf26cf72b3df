package dev.brood.engine.telling;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The events of {@link Flight}. Loaded where the JVM has a flight recorder, and not before one is asked for. */
public final class FlightEvents {
    private static final String BROOD = "Brood";

    private FlightEvents() {}

    /** A start, good or failed; it lasts as long as the call. */
    @Name("dev.brood.Spawn")
    @Label("Child Start")
    @Description("A child was started, or could not be; lasts as long as the start did")
    @Category(BROOD)
    @StackTrace
    public static final class Spawn extends Event {
        @Label("Program")
        String program = "";

        @Label("Process Id")
        @Description("-1 where the start failed")
        long pid;

        @Label("Failure")
        @Description("Which step of the start failed, and with which errno")
        @Nullable
        String failure;
    }

    /** An exit, told to whoever holds the child. */
    @Name("dev.brood.Exit")
    @Label("Child Exit")
    @Description("The end of a child was told, and its handler has returned")
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
        @Description("What began the end: the child itself, a signal of ours, its deadline, the closing of its context")
        String ending = "";

        @Label("Wall Time")
        @Description("From the start until the end was heard of")
        @Timespan
        long wallTime;

        @Label("From Hearing to Telling")
        @Description("From when the end was heard of until the handler had returned")
        @Timespan
        long delay;
    }

    /** A process that was nobody's and was reaped. */
    @Name("dev.brood.UnknownChild")
    @Label("Unknown Child")
    @Description("A process that no context had started, such as an orphan, was reaped")
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
    @Description("The machinery failed, a child was robbed of its status, or a callback threw")
    @Category(BROOD)
    @StackTrace(false)
    static final class Failed extends Event {
        @Label("Kind")
        String kind = "";

        @Label("Cause")
        String cause = "";
    }

    /** A callback of the application that held the loop; it lasts as long as that did. */
    @Name("dev.brood.SlowCallback")
    @Label("Slow Callback")
    @Description("A callback held the loop for more than 100 ms; lasts as long as it did")
    @Category(BROOD)
    @StackTrace(false)
    static final class Slow extends Event {
        @Label("For")
        @Description("The child, its stream, or what else the callback was for")
        String title = "";
    }
}
