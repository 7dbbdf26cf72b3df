package dev.brood;

/** The library's loggers. They are looked for when something is first logged: that takes a fresh JVM as long as a start. */
final class Log {
    static final System.Logger LIBRARY = System.getLogger("dev.brood");
    static final System.Logger EXITS = System.getLogger("dev.brood.exit");
    static final System.Logger UNKNOWN = System.getLogger("dev.brood.unknown");

    private Log() {}
}
