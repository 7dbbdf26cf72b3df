package dev.brood.engine.life;

import dev.brood.engine.ending.Rounds;
import dev.brood.engine.ending.Vigil;
import dev.brood.engine.telling.Telling;
import dev.brood.engine.telling.Turns;
import dev.brood.reap.Death;

/** Whom a child's life belongs to, as far as it knows. */
public interface Household {
    /** On whose loop it is heard of. */
    Turns turns();

    /** By whom its end is told. */
    Telling telling();

    /** What remembers ends that nobody has asked about. */
    Unseen unseen();

    /** Who waits for those that it leaves behind. */
    Vigil vigil();

    /** How it is signalled, where others are at the same time. */
    Rounds rounds();

    /** It has ended; its exit is about to be delivered, where it has a holder still. */
    void ended(Life life, Death death, boolean held);

    /** Its exit has been delivered. */
    void delivered(Life life);

    /** Its holder has let go of it; the household has not. */
    void handedOver();

    /** It is not to hold up the closing, nor be ended by it. */
    void lets(Life life);
}
