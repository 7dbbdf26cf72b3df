/**
 * Brood looks after child processes: it starts them, delivers the end of each exactly once with its true status, and lives on any event
 * loop, with no thread per child. Most programs need only {@link dev.brood}.
 */
module dev.brood {
    requires static transitive org.jspecify;
    requires static jdk.jfr;

    exports dev.brood;
    exports dev.brood.loop;
    exports dev.brood.spawn;
}
