package dev.brood.engine.ending;

import dev.brood.Command;
import dev.brood.Reach;
import dev.brood.reap.ActiveChild;
import dev.brood.reap.CgroupKin;
import dev.brood.reap.Kin;
import dev.brood.reap.ProcessKin;
import dev.brood.reap.ProcessKin.Bond;
import dev.brood.spawn.Bytes;
import java.nio.file.Path;
import java.util.Optional;

/** Who there is with a child, as its command has made it. */
public final class Kinship {
    private final ActiveChild child;
    private final boolean leadsGroup;
    private final boolean leadsSession;
    private final Optional<Bytes> cgroup;

    public Kinship(ActiveChild child, Command.Parts command) {
        this.child = child;
        this.leadsGroup = command.leadsGroup();
        this.leadsSession = command.leadsSession();
        this.cgroup = command.setup().cgroup();
    }

    /**
     * Whom a reach adds to the child; empty where nobody.
     *
     * @throws IllegalStateException the child leads no such thing
     */
    public Optional<Kin> within(Reach reach) {
        return switch (reach) {
            case CHILD -> Optional.empty();
            case GROUP -> Optional.of(processes(Bond.GROUP, leadsGroup, "process group: see Command.newGroup"));
            case SESSION -> Optional.of(processes(Bond.SESSION, leadsSession, "session: see Command.newSession"));
            case TREE -> Optional.of(processes(Bond.TREE, true, ""));
            case CGROUP -> Optional.of(cgroup());
        };
    }

    private Kin processes(Bond bond, boolean leads, String what) {
        if (!leads) {
            throw new IllegalStateException("the child leads no " + what);
        }
        return new ProcessKin(child.pid(), bond, child::isUnreaped);
    }

    private Kin cgroup() {
        Bytes path = cgroup.orElseThrow(() -> new IllegalStateException("the child has no cgroup: see Command.cgroup"));
        Path directory = Path.of(path.text());
        return new CgroupKin(directory, child.pid(), child::isUnreaped);
    }
}
