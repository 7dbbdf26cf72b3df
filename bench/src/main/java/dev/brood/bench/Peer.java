package dev.brood.bench;

import java.util.List;

/** Whose way of having children is measured. */
enum Peer {
    BROOD("Brood", "driven"),
    BROOD_THREAD("Brood, loop on a thread", "threaded"),
    BROOD_POSIX("Brood, posix_spawn", "posix"),
    BROOD_SIGCHLD("Brood, SIGCHLD", "sigchld"),
    BROOD_STREAMS("Brood, streams", "streams"),
    CLONE("C clone3", "clone"),
    SPAWN("C posix_spawn", "spawn"),
    LIBUV("libuv", ""),
    JDK("JDK", "jdk"),
    JDK_VIRTUAL("JDK, virtual threads", "virtual"),
    NUPROCESS("NuProcess", "nuprocess"),
    COMMONS("commons-exec", "commons");

    private static final int SLOWER = 4; // times; so much less is given to them in a turn

    private final String label;
    private final String way;

    Peer(String label, String way) {
        this.label = label;
        this.way = way;
    }

    /** {@return its name in the tables} */
    String label() {
        return label;
    }

    /** {@return its name for the measured program} */
    String way() {
        return way;
    }

    boolean isJava() {
        return !List.of(CLONE, SPAWN, LIBUV).contains(this);
    }

    /** {@return how many of so many it does in a turn, that a turn be short} */
    int share(int count) {
        return List.of(JDK, JDK_VIRTUAL, NUPROCESS, COMMONS).contains(this) ? Math.max(1, count / SLOWER) : count;
    }

    /** {@return the same where they are slower still: each closes or polls what is there, one by one} */
    int smallShare(int count) {
        return share(count) < count ? share(count) / SLOWER : count;
    }
}
