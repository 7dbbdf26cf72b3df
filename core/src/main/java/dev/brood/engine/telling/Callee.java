package dev.brood.engine.telling;

import java.util.concurrent.atomic.AtomicBoolean;

/** What is known of a callback of the application: its class, and whether one of that has been called before. */
public final class Callee {
    private static final String LAMBDA = "$$Lambda";

    private static final ClassValue<AtomicBoolean> CALLED = new ClassValue<>() {
        @Override
        protected AtomicBoolean computeValue(Class<?> type) {
            return new AtomicBoolean();
        }
    };

    private Callee() {}

    /** One of ours that stands for one of the application's. */
    public interface StandIn {
        /** {@return for which} */
        Object callee();
    }

    /** Whether no other of its class was called before: that one loads what it needs, which is not its fault. */
    static boolean isFirst(Object handler) {
        AtomicBoolean called = CALLED.get(callee(handler).getClass());
        return !called.get() && !called.getAndSet(true);
    }

    /** What people know it by. */
    static String name(Object handler) {
        String name = callee(handler).getClass().getName();
        int lambda = name.indexOf(LAMBDA);
        return lambda < 0 ? name : "a lambda of " + name.substring(0, lambda);
    }

    private static Object callee(Object handler) {
        return handler instanceof StandIn standIn ? standIn.callee() : handler;
    }
}
