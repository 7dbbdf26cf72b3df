package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.loop.EventLoop;

/** What hears signals, on a loop of its own that the children's contexts share: for as long as the JVM lives, for one that comes late must not end us. */
final class Ear {
    /** Has a thread of its own. */
    static final EventLoop LOOP = EventLoop.threaded();

    /** Never closed. */
    static final Brood BROOD = Brood.builder().loop(LOOP).build();

    private Ear() {}
}
