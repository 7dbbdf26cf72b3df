package dev.brood;

/** How a context hears of its children's deaths. */
public enum DeathWatch {
    /** By pidfds, or by SIGCHLD where a kernel before 5.4 or a filter refuses them. The default. */
    AUTO,
    /** By pidfds: nothing of the process is touched, and a death costs the same whatever the number of children. */
    PIDFD,
    /**
     * By SIGCHLD: a handler is installed while there are children, unless somebody else has one, which is an error then. A death costs a look
     * at each live child.
     */
    SIGCHLD
}
