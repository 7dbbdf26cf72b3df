package dev.brood.spawn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * In which order descriptors are copied to where the child wants them, so that none is overwritten that is still to be copied.
 *
 * <p>A parallel move: a copy is safe once nobody waits to read its target. Where all that is left waits in a circle, one member is
 * parked on a number that nobody uses, which opens the circle.
 */
final class DescriptorMoves {
    /** One dup2(2). Where both numbers are one, only the close-on-exec flag goes. */
    record Move(int from, int to) {}

    private final NavigableMap<Integer, Integer> pending; // by target: its source
    private final List<Move> moves = new ArrayList<>();

    private DescriptorMoves(Map<Integer, Integer> sourceOfTarget) {
        this.pending = new TreeMap<>(sourceOfTarget);
    }

    /** Plans the copies that give each target its source, and leave what is kept alone. */
    static List<Move> plan(Map<Integer, Integer> sourceOfTarget, Set<Integer> kept) {
        DescriptorMoves plan = new DescriptorMoves(sourceOfTarget);
        plan.moveWhatIsFree();
        while (!plan.pending.isEmpty()) {
            plan.park(plan.pending.firstKey(), unused(sourceOfTarget, kept));
            plan.moveWhatIsFree();
        }
        return plan.moves;
    }

    private void moveWhatIsFree() {
        Deque<Integer> targets = new ArrayDeque<>(pending.keySet());
        while (!targets.isEmpty()) {
            int target = targets.remove();
            if (pending.containsKey(target) && !awaited(target)) {
                int source = pending.remove(target);
                moves.add(new Move(source, target));
                targets.add(source); // the source may be a target that waited for this copy
            }
        }
    }

    /** Whether another target still wants what is on this number. */
    private boolean awaited(int number) {
        for (Map.Entry<Integer, Integer> move : pending.entrySet()) {
            if (move.getValue() == number && move.getKey() != number) {
                return true;
            }
        }
        return false;
    }

    /** Saves what is on {@code number} elsewhere, for those who want it. */
    private void park(int number, int parking) {
        moves.add(new Move(number, parking));
        pending.replaceAll((target, source) -> source == number ? parking : source);
    }

    private static int unused(Map<Integer, Integer> sourceOfTarget, Set<Integer> kept) {
        Set<Integer> used = new HashSet<>(kept);
        used.addAll(sourceOfTarget.keySet());
        used.addAll(sourceOfTarget.values());
        int number = 3;
        while (used.contains(number)) {
            number++;
        }
        return number;
    }
}
