package dev.brood.testing;

import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.spawn.SpawnRequest;
import dev.brood.spawn.Spawned;
import dev.brood.spawn.Spawner;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Pipe;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Children that have said that they are set up before their start returns, and so before anything can be done to them. One start at a
 * time.
 */
public final class Stubborn implements Spawner, AutoCloseable {
    private final Spawner spawner;
    private final Pipe up;

    private Stubborn(Spawner spawner, Pipe up) {
        this.spawner = spawner;
        this.up = up;
    }

    /** Makes them, and the spawner that starts them. */
    public static Stubborn open() throws ErrnoException {
        return open(Spawner.standard());
    }

    /** The same, started by another one. */
    public static Stubborn open(Spawner spawner) throws ErrnoException {
        return new Stubborn(spawner, Pipe.open());
    }

    /** A child that ignores TERM. */
    public Command ignoringTerm() {
        return sh("trap '' TERM; echo up >&3; exec sleep 1000");
    }

    /** A script that says {@code echo up >&3} when it is set up. */
    public Command sh(String script) {
        return with(Shell.sh(script));
    }

    /** Gives a command the descriptor 3 to say so. */
    public Command with(Command command) {
        return command.fd(3, Stdio.descriptor(up.writeEnd().number()));
    }

    @Override
    public synchronized Spawned spawn(SpawnRequest request) throws IOException {
        Spawned child = spawner.spawn(request);
        if (request.descriptors().containsKey(3)) {
            int read = up.readEnd().read(ByteBuffer.allocateDirect("up\n".length()));
            if (read != "up\n".length()) {
                throw new IOException("half a line of " + read);
            }
        }
        return child;
    }

    @Override
    public void close() {
        up.close();
    }
}
