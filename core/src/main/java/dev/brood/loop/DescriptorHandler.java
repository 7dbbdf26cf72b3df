package dev.brood.loop;

/** Reacts to a descriptor. */
@FunctionalInterface
public interface DescriptorHandler {
    /**
     * Called on the loop whenever the descriptor is ready, again and again while it stays so.
     *
     * @param readiness what the kernel said
     */
    void ready(Readiness readiness);
}
