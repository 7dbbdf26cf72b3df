package dev.brood.engine.telling;

/** The library's loggers. They are looked for when something is first logged: that takes a fresh JVM as long as a start. */
public final class Log {
    public static final System.Logger LIBRARY = System.getLogger("dev.brood");
    public static final System.Logger CALLBACKS = System.getLogger("dev.brood.callback");
    public static final System.Logger EXITS = System.getLogger("dev.brood.exit");
    public static final System.Logger UNKNOWN = System.getLogger("dev.brood.unknown");

    private Log() {}
}
