package dev.brood.engine.ending;

/** Who waits, before a context is closed, for those who are left of a child's kin. */
public interface Vigil {
    /** Somebody is left. */
    void stays(Remainder rest);

    /** Not any more. */
    void leaves(Remainder rest);
}
