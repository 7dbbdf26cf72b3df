package dev.brood.spawn;

import dev.brood.sys.ErrnoException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where the child finds its descriptors in the table that it copies: on a pad, where that saves copying thousands of entries. */
final class Sources implements AutoCloseable {
    private final Map<Integer, Integer> places;
    private final int end;
    private final @Nullable Pad pad;

    private Sources(Map<Integer, Integer> places, int end, @Nullable Pad pad) {
        this.places = places;
        this.end = end;
        this.pad = pad;
    }

    /**
     * Puts there what the child gets, and what its calls need. What it inherits stays where it is.
     *
     * @throws StepFailure one is not open
     */
    static Sources of(SpawnRequest request) throws StepFailure {
        NavigableSet<Integer> ours = new TreeSet<>(request.descriptors().values());
        ours.addAll(request.setup().descriptors());
        int inherited = end(request.inherited());
        Pad pad = Pad.take(ours);
        if (pad == null) {
            return new Sources(Map.of(), Math.max(inherited, end(ours)), null);
        }
        Map<Integer, Integer> places = new HashMap<>();
        try {
            for (int number : ours) {
                places.put(number, put(pad, number));
            }
        } catch (StepFailure closed) {
            pad.close();
            throw closed;
        }
        return new Sources(places, Math.max(inherited, pad.end()), pad);
    }

    /** Where one of ours is. */
    int of(int ours) {
        return places.getOrDefault(ours, ours);
    }

    /** The number above all of them. */
    int end() {
        return end;
    }

    @Override
    public void close() {
        if (pad != null) {
            pad.close();
        }
    }

    private static int end(NavigableSet<Integer> numbers) {
        return numbers.isEmpty() ? 0 : numbers.last() + 1;
    }

    private static int put(Pad pad, int number) throws StepFailure {
        try {
            return pad.put(number);
        } catch (ErrnoException closed) {
            throw new StepFailure(StepFailure.Step.DESCRIPTOR, Integer.toString(number), closed.errno());
        }
    }
}
