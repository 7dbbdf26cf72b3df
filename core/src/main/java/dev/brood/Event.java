package dev.brood;

/** What an {@link EventQueue} holds. */
public sealed interface Event {
    /**
     * A child that was started without a handler has ended.
     *
     * @param child which
     * @param exit how
     */
    record Exited(Child child, Exit exit) implements Event {}

    /**
     * The machinery failed.
     *
     * @param disaster how
     */
    record Failed(Disaster disaster) implements Event {}
}
