package dev.brood.reap;

/** What a look at a child does, once the child has ended. */
public enum Reaping {
    /** Reaps it and tells. */
    REAP,
    /** Tells, and leaves the zombie for the application. */
    PEEK,
    /** Nothing: the application reaps, and reports. */
    REPORTED
}
