package dev.brood;

/** A child was stopped, or goes on. It is active all the while. */
public sealed interface JobChange {
    /**
     * A signal stopped it.
     *
     * @param signal which one: STOP, TSTP, TTIN or TTOU
     */
    record Stopped(Signal signal) implements JobChange {}

    /** It was continued, by CONT. */
    record Continued() implements JobChange {}
}
