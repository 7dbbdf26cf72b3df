package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.spawn.ChildSetup;
import dev.brood.spawn.SpawnRequest;
import dev.brood.spawn.Spawned;
import dev.brood.spawn.Spawner;
import dev.brood.spawn.StepFailure;
import java.io.IOException;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Starts children with what was found when we began, in place of what the launcher and the JVM have made of it: environment, descriptors, signals,
 * and the limit of descriptors.
 */
final class AsFound implements Spawner {
    private static final int DESCRIPTORS = 7; // RLIMIT_NOFILE

    private final Found found;
    private final boolean blocks;
    private final boolean keepsDescriptors;
    private volatile boolean refused; // by the way of starting

    /**
     * Prepares it.
     *
     * @param blocks whether they have the signals blocked that were; else none
     * @param keepsDescriptors whether they have the descriptors above 2 that were open
     */
    AsFound(Found found, boolean blocks, boolean keepsDescriptors) {
        this.found = found;
        this.blocks = blocks;
        this.keepsDescriptors = keepsDescriptors;
    }

    /** A context for a command that stands before another: its children have all that we were given. */
    static Brood.Builder one() {
        return builder(true, true);
    }

    /** A context for a command that has many children: they have the descriptors above 2 where that is asked for. */
    static Brood.Builder many(boolean keepsDescriptors) {
        return builder(false, keepsDescriptors);
    }

    /** The same, but its children are killed when this program is. */
    static Brood.Builder mortal(boolean keepsDescriptors) {
        return Brood.builder().spawner(new WithUs(spawner(false, keepsDescriptors)));
    }

    private static Brood.Builder builder(boolean blocks, boolean keepsDescriptors) {
        return Brood.builder().spawner(spawner(blocks, keepsDescriptors));
    }

    private static Spawner spawner(boolean blocks, boolean keepsDescriptors) {
        return Found.here()
                .<Spawner>map(found -> new AsFound(found, blocks, keepsDescriptors))
                .orElse(Spawner.standard());
    }

    @Override
    public Spawned spawn(SpawnRequest request) throws IOException {
        if (!refused) {
            try {
                return Spawner.standard().spawn(restored(request));
            } catch (StepFailure failure) {
                if (failure.step() != StepFailure.Step.SETTING || !"EOPNOTSUPP".equals(failure.errnoName())) {
                    throw failure;
                }
                refused = true;
            }
        }
        return Spawner.standard().spawn(restored(request));
    }

    @Override
    public boolean givesPidfd() {
        return Spawner.standard().givesPidfd();
    }

    private SpawnRequest restored(SpawnRequest request) {
        return new SpawnRequest(
                request.program(),
                request.arguments(),
                request.environment().over(found.environment()),
                request.directory(),
                inherited(request),
                request.descriptors(),
                request.group(),
                request.newSession(),
                request.keepSignals(),
                request.foreground(),
                setup(request));
    }

    private NavigableSet<Integer> inherited(SpawnRequest request) {
        NavigableSet<Integer> numbers = new TreeSet<>(request.inherited());
        numbers.removeAll(found.closed());
        if (keepsDescriptors) {
            numbers.addAll(found.open());
            numbers.removeAll(request.descriptors().keySet());
        }
        return numbers;
    }

    /** Where limits cannot be set, the JVM's stays; and of what was ignored, what the JVM ignores too. */
    private ChildSetup setup(SpawnRequest request) {
        long ignored = refused ? found.ignored() & Signals.ignored() : found.ignored();
        ChildSetup setup = request.setup().signals(blocks ? found.blocked() : 0, ignored);
        if (refused || found.files().isEmpty()) {
            return setup;
        }
        Found.Limit files = found.files().get();
        return setup.limit("DESCRIPTORS", DESCRIPTORS, files.soft(), files.hard());
    }
}
