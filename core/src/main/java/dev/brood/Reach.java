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
     * Everybody who descends from it, the group and session that it leads, and whoever was seen to be one of these when it was signalled or a step of
     * the ladder was taken, even if he has left since. No less than the others: a child that is started so leads a group of its own, which is in the
     * background of a terminal, unless it leads a session, joins a group, or has the foreground. Misses who has left group <i>and</i> session
     * <i>and</i> has lost a parent between the child and itself before it was first looked at, as daemons do that fork twice; and whoever forks
     * faster than it is walked.
     */
    TREE,
    /** The cgroup that it was started in. Misses nobody; a KILL is one act of the kernel (Linux 5.14). */
    CGROUP
}
