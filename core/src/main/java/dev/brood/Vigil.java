package dev.brood;

/** Who waits, before a context is closed, for those who are left of a child's kin. */
interface Vigil {
    /** Somebody is left. */
    void stays(Remainder rest);

    /** Not any more. */
    void leaves(Remainder rest);
}
