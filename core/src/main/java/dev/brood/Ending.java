package dev.brood;

/** What began a child's end. The first cause counts, whatever came after it. */
public enum Ending {
    /** Nothing of this library: it exited, or somebody else killed it. */
    BY_ITSELF,
    /** {@link Child#stop} or {@link Child#killAndDrop}, or it died of a signal that was sent with {@link Child#signal}. */
    SIGNALLED,
    /** Its deadline passed. */
    DEADLINE,
    /** It wrote nothing for too long: {@link Command#silence}. */
    SILENCE,
    /** Its context was closed. */
    CLOSING,
    /** Nobody waited for its end: the context was closed over it, or could hear it no more. */
    ABANDONED
}
