package dev.brood;

/**
 * Whom it concerns when a child is signalled or ended: itself, or others with it.
 *
 * <p>Whatever the reach, no signal hits a stranger: others are found by walks through /proc, remembered by more than their number, and
 * signalled through pidfds. What a walk can miss is said with each.
 */
public enum Reach {
    /** The child alone. */
    CHILD,
    /**
     * The process group that it leads. Misses who has left that for a group of its own, such as the jobs of an interactive shell. One signal
     * hits all members at once, newborn ones too.
     */
    GROUP,
    /** The session that it leads, whatever the groups in it. Misses daemons, which have left that by setsid(2). */
    SESSION,
    /**
     * Everybody who descends from it, and the group and session that it leads. Misses who has left those <i>and</i> has lost a parent between
     * the child and itself before it was first looked at, as daemons do; and whoever forks faster than it is walked.
     */
    TREE,
    /** The cgroup that it was started in. Misses nobody; a KILL is one act of the kernel (Linux 5.14). */
    CGROUP
}
