package dev.brood;

import static java.util.Objects.requireNonNull;

/**
 * Who reaps the children of this process: chosen when a context is built, and changed only while it has no active child.
 *
 * <table>
 *   <caption>The owners, and what each touches in the process</caption>
 *   <tr><th>owner</th><th>reaps</th><th>touches</th></tr>
 *   <tr><td>{@link #ownChildren()}</td><td>the context's own children</td><td>nothing</td></tr>
 *   <tr><td>{@link #everything()}</td><td>those, and what is nobody's: orphans</td><td>a SIGCHLD handler, if that is free</td></tr>
 *   <tr><td>{@link #application()}</td><td>nothing: the application does, and reports</td><td>nothing</td></tr>
 *   <tr><td>{@link #applicationTold()}</td><td>nothing: the context tells, the application reaps</td><td>nothing</td></tr>
 * </table>
 *
 * <p>Where pidfds are not available, or {@link DeathWatch#SIGCHLD} is asked for, every owner that hears of deaths has a SIGCHLD handler
 * while there are children.
 */
public sealed interface Ownership {
    /** The context reaps its own children and no others. The default. */
    record OwnChildren() implements Ownership {}

    /**
     * The context reaps its own children, and those of the process that are nobody's.
     *
     * @param handler is offered each of these
     * @param whileActive whether only while the context has children of its own
     */
    record Everything(UnknownChildHandler handler, boolean whileActive) implements Ownership {}

    /**
     * The application reaps.
     *
     * @param told whether the context hears of its own children's deaths and tells, before the application has reaped them
     */
    record Application(boolean told) implements Ownership {}

    /** {@return the context reaps its own children and no others} */
    static Ownership ownChildren() {
        return new OwnChildren();
    }

    /**
     * {@return the context reaps every child of the process that is nobody's, and logs it} Children of other contexts are left to them, and
     * zombies that somebody else is about to reap, such as those of {@link ProcessBuilder}, to that. One context of a process at most.
     */
    static Ownership everything() {
        return everything((pid, status) -> UnknownChildHandler.Answer.NOT_MINE);
    }

    /** {@return as {@link #everything()}, with a handler that is offered what is reaped} */
    static Ownership everything(UnknownChildHandler handler) {
        requireNonNull(handler, "handler");
        return new Everything(handler, false);
    }

    /** {@return as {@link #everything(UnknownChildHandler)}, from the context's first child on until its last has ended} */
    static Ownership everythingWhileActive(UnknownChildHandler handler) {
        requireNonNull(handler, "handler");
        return new Everything(handler, true);
    }

    /**
     * {@return the application reaps all children of the process, and reports} By {@link Brood#reaped} with each pid and wait status, or by
     * {@link Brood#childDied}, which has the context reap its own.
     */
    static Ownership application() {
        return new Application(false);
    }

    /**
     * {@return the application reaps, the context tells} Each child's exit is delivered with its status; the zombie stays until the
     * application waits for it.
     */
    static Ownership applicationTold() {
        return new Application(true);
    }
}
