package dev.brood.sys;

import java.util.List;
import java.util.TreeSet;

/** A child that runs a shell script, cut off from the test JVM's streams. Closing kills and reaps what is left of it. */
final class ShellChild implements AutoCloseable {
    private static final int SIGKILL = 9;

    private final long pid;
    private final PidFd pidfd;

    private ShellChild(long pid) throws ErrnoException {
        this.pid = pid;
        this.pidfd = PidFd.open(pid);
    }

    /** Runs a script that has no input and whose output is lost. */
    static ShellChild run(String script) throws Exception {
        try (Fd none = nothing()) {
            return run(script, none, none);
        }
    }

    /** Runs a script between two descriptors; its standard error is lost. */
    static ShellChild run(String script, Fd stdin, Fd stdout) throws Exception {
        try (PosixSpawn start = new PosixSpawn()) {
            start.mask(SignalMask.EMPTY);
            start.defaults(SignalMask.FULL);
            return run(start, script, stdin, stdout);
        }
    }

    /** The same with what {@code start} was told before. */
    static ShellChild run(PosixSpawn start, String script, Fd stdin, Fd stdout) throws Exception {
        try (Fd none = nothing()) {
            start.dup2(stdin.number(), 0);
            start.dup2(stdout.number(), 1);
            start.dup2(none.number(), 2);
            start.closeAllBut(new TreeSet<>(List.of(0, 1, 2)));
            return start(start, script);
        }
    }

    /** Starts the shell with what {@code start} was told and nothing else. */
    static ShellChild start(PosixSpawn start, String script) throws ErrnoException {
        return new ShellChild(start.start(
                Text.bytes("/bin/sh"), Text.strings("sh", "-c", script), Text.strings("PATH=/usr/bin:/bin")));
    }

    /** Takes charge of a child that was started already. */
    static ShellChild started(long pid) throws ErrnoException {
        return new ShellChild(pid);
    }

    static Fd nothing() throws ErrnoException {
        return Fd.open(Text.bytes("/dev/null"), Fd.O_RDWR, 0);
    }

    long pid() {
        return pid;
    }

    PidFd pidfd() {
        return pidfd;
    }

    /** Waits until it is a zombie. */
    void awaitEnd() throws ErrnoException {
        Ready.await(pidfd);
    }

    /** Waits for its end and reaps it. */
    Wait.Reaped reap() throws ErrnoException {
        awaitEnd();
        return Wait.reap(pidfd).orElseThrow();
    }

    @Override
    public void close() throws ErrnoException {
        try (pidfd) {
            if (Wait.isChild(pid)) {
                pidfd.send(SIGKILL);
                reap();
            }
        }
    }
}
