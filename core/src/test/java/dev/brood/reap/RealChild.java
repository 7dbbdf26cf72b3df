package dev.brood.reap;

import dev.brood.spawn.Environment;
import dev.brood.spawn.Spawner;
import dev.brood.sys.Fd;
import dev.brood.sys.PidFd;
import dev.brood.sys.Pipe;
import dev.brood.sys.Wait;
import dev.brood.testing.Eventually;
import dev.brood.testing.Requests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A shell that waits until it is let go, and that nobody watches yet. Closing kills and reaps it, if that is not done. */
final class RealChild implements AutoCloseable {
    private static final int KILL = 9;

    private final Pipe input = Pipe.open();
    private final long pid;
    private final PidFd own;

    private RealChild(String script) throws IOException {
        try (Fd nowhere = Fd.open("/dev/null".getBytes(StandardCharsets.UTF_8), Fd.O_RDWR, 0)) {
            TreeMap<Integer, Integer> descriptors = new TreeMap<>();
            descriptors.put(0, input.readEnd().number());
            descriptors.put(1, nowhere.number());
            descriptors.put(2, nowhere.number());
            pid = Spawner.posixSpawn()
                    .spawn(Requests.of(
                            List.of("/bin/sh", "-c", "read line; " + script),
                            Environment.EMPTY,
                            Optional.empty(),
                            descriptors))
                    .pid();
        }
        own = PidFd.open(pid);
    }

    /** One that runs a script when it is let go. */
    static RealChild running(String script) throws IOException {
        return new RealChild(script);
    }

    /** One that has ended, and nobody has reaped it. */
    static RealChild ended(String script) throws Exception {
        RealChild child = new RealChild(script);
        child.end();
        return child;
    }

    long pid() {
        return pid;
    }

    /** Another pidfd of it. */
    PidFd pidfd() throws IOException {
        return PidFd.open(pid);
    }

    /** Lets it go, and waits until it is dead. */
    void end() throws Exception {
        input.writeEnd().close();
        Eventually.zombie(pid);
    }

    /** The thief. */
    Optional<Wait.Reaped> steal() throws IOException {
        return Wait.reap(pid);
    }

    /** Whether this kernel tells how a process ended that somebody else has reaped. */
    static boolean kernelTellsOfTheStolen() throws Exception {
        try (RealChild child = ended("exit 1")) {
            boolean _ = child.steal().isPresent();
            return child.own.exitInfo().isPresent();
        }
    }

    @Override
    public void close() {
        input.close();
        try {
            own.send(KILL);
            Eventually.zombie(pid);
            boolean _ = Wait.reap(own).isPresent();
        } catch (Exception reapedAlready) {
            // that is how it should be
        }
        own.close();
    }

    /** Keeps what it was told. */
    static final class Told implements DeathListener {
        private final List<Death> deaths = new ArrayList<>();
        private final List<IOException> failures = new ArrayList<>();

        @Override
        public synchronized void ended(Death death) {
            deaths.add(death);
        }

        @Override
        public synchronized void waitFailed(IOException cause) {
            failures.add(cause);
        }

        synchronized List<Death> deaths() {
            return List.copyOf(deaths);
        }

        synchronized List<IOException> failures() {
            return List.copyOf(failures);
        }
    }
}
