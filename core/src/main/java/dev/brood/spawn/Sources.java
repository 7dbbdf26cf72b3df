package dev.brood.spawn;

import dev.brood.sys.ErrnoException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where the child finds its descriptors in the table that it copies: on a pad, where that saves copying thousands of entries. */
final class Sources implements AutoCloseable {
    private final Map<Integer, Integer> ofTargets;
    private final int end;
    private final @Nullable Pad pad;

    private Sources(Map<Integer, Integer> ofTargets, int end, @Nullable Pad pad) {
        this.ofTargets = ofTargets;
        this.end = end;
        this.pad = pad;
    }

    /**
     * Puts them there.
     *
     * @param wanted ours, by the child's number
     * @throws StepFailure one is not open
     */
    static Sources of(NavigableMap<Integer, Integer> wanted) throws StepFailure {
        Set<Integer> ours = new TreeSet<>(wanted.values());
        Pad pad = Pad.take(ours);
        if (pad == null) {
            int highest = ours.stream().mapToInt(number -> number).max().orElse(-1);
            return new Sources(wanted, highest + 1, null);
        }
        Map<Integer, Integer> placed = new HashMap<>();
        try {
            for (int number : ours) {
                placed.put(number, put(pad, number));
            }
        } catch (StepFailure closed) {
            pad.close();
            throw closed;
        }
        Map<Integer, Integer> ofTargets = new HashMap<>(wanted);
        ofTargets.replaceAll((target, number) -> placed.getOrDefault(number, number));
        return new Sources(ofTargets, pad.end(), pad);
    }

    /** What to copy, by the child's number. */
    Map<Integer, Integer> ofTargets() {
        return ofTargets;
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

    private static int put(Pad pad, int number) throws StepFailure {
        try {
            return pad.put(number);
        } catch (ErrnoException closed) {
            throw new StepFailure(StepFailure.Step.DESCRIPTOR, Integer.toString(number), closed.errno());
        }
    }
}
