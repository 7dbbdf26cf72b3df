package dev.brood.testing;

import dev.brood.Brood;
import dev.brood.DeathWatch;
import dev.brood.Ownership;
import dev.brood.SpawnException;
import dev.brood.UnknownChildHandler.Answer;
import dev.brood.spawn.Spawner;
import java.util.function.UnaryOperator;

/** The ways to start children, to hear of their deaths and to own reaping. The contract holds in each. */
public enum Way {
    OWN_PIDFD(DeathWatch.PIDFD),
    OWN_POSIX_SPAWN(DeathWatch.PIDFD),
    OWN_SIGCHLD(DeathWatch.SIGCHLD),
    /** Without a pidfd anywhere. */
    SIGCHLD_POSIX_SPAWN(DeathWatch.SIGCHLD),
    EVERYTHING(DeathWatch.PIDFD),
    /** While there are children. */
    EVERYTHING_SIGCHLD(DeathWatch.SIGCHLD),
    /** The application says that some child has died. */
    APPLICATION(DeathWatch.AUTO),
    /** The application reaps what it was told of when the context has closed. */
    APPLICATION_TOLD(DeathWatch.PIDFD);

    private static final boolean SOAK = Boolean.getBoolean("brood.soak");
    private static final int SHARE = 20;

    private final DeathWatch deathWatch;

    static {
        openWhatTheLibraryKeeps();
    }

    Way(DeathWatch deathWatch) {
        this.deathWatch = deathWatch;
    }

    /** {@return how often a race is run: fully in one way, less in the others unless the build asks for it} */
    public int rounds(int full) {
        return SOAK || this == OWN_PIDFD ? full : Math.max(1, full / SHARE);
    }

    /** Opens a context. */
    public Brood open() {
        return open(with -> with);
    }

    /** Opens a context that is set up further. Where the application owns, there is one. */
    public Brood open(UnaryOperator<Brood.Builder> setup) {
        Brood.Builder builder =
                Brood.builder().ownership(ownership()).deathWatch(deathWatch).spawner(spawner());
        Brood brood = setup.apply(builder).build();
        switch (this) {
            case APPLICATION -> ReapingApplication.says(brood);
            case APPLICATION_TOLD -> ReapingApplication.isTold(brood);
            default -> {}
        }
        return brood;
    }

    /** {@return how children are started} */
    public Spawner spawner() {
        return switch (this) {
            case OWN_POSIX_SPAWN, SIGCHLD_POSIX_SPAWN -> Spawner.posixSpawn();
            default -> Spawner.standard();
        };
    }

    /** {@return whether the context frees the zombie before it tells} */
    public boolean reaps() {
        return this != APPLICATION_TOLD;
    }

    private Ownership ownership() {
        return switch (this) {
            case EVERYTHING -> Ownership.everything((pid, status) -> Answer.MINE);
            case EVERYTHING_SIGCHLD -> Ownership.everythingWhileActive((pid, status) -> Answer.MINE);
            case APPLICATION -> Ownership.application();
            case APPLICATION_TOLD -> Ownership.applicationTold();
            default -> Ownership.ownChildren();
        };
    }

    /** The descriptor of SIGCHLD is made once, for good. */
    private static void openWhatTheLibraryKeeps() {
        try (Brood brood = Brood.builder().deathWatch(DeathWatch.SIGCHLD).build()) {
            brood.spawn(CutOff.of("true")).await();
        } catch (SpawnException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }
}
