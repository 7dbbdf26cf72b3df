package dev.brood.engine.telling;

/** The JVM's end of a child's stream, as far as its context knows it. */
@FunctionalInterface
public interface Endpoint {
    /** Ends it now. On the loop. */
    void cutOff();
}
