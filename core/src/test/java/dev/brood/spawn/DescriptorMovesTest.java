package dev.brood.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.spawn.DescriptorMoves.Move;
import dev.brood.testing.Contract;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Carries plans out on a pretended descriptor table. */
class DescriptorMovesTest {
    private static final int ROUNDS = 20_000;

    @Test
    @Contract("S09")
    void anyMappingGivesEachTargetItsSource() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);

        for (int round = 0; round < ROUNDS; round++) {
            Map<Integer, Integer> wanted = randomMapping(random);

            Map<Integer, Integer> child = carriedOut(wanted);

            assertThat(child).as("%s, round %d of seed %d", wanted, round, seed).containsAllEntriesOf(wanted);
        }
    }

    @Test
    @Contract("S09")
    void swapParksOneMemberOnANumberThatNobodyUses() {
        Map<Integer, Integer> swap = Map.of(3, 4, 4, 3);

        List<Move> moves = DescriptorMoves.plan(swap, Set.of());

        assertThat(moves).containsExactly(new Move(3, 5), new Move(4, 3), new Move(5, 4));
    }

    @Test
    @Contract("S09")
    void nothingIsParkedOnWhatTheChildInherits() {
        Map<Integer, Integer> swap = Map.of(3, 4, 4, 3);

        List<Move> moves = DescriptorMoves.plan(swap, Set.of(0, 5, 6));

        assertThat(moves).containsExactly(new Move(3, 7), new Move(4, 3), new Move(7, 4));
    }

    @Test
    @Contract("S09")
    void circlesShareOneParkingPlace() {
        Map<Integer, Integer> circles = Map.of(0, 1, 1, 2, 2, 0, 3, 4, 4, 3);

        List<Move> moves = DescriptorMoves.plan(circles, Set.of());

        assertThat(moves).hasSize(circles.size() + 2);
        assertThat(moves).filteredOn(move -> move.to() == 5).hasSize(2);
        assertThat(carriedOut(circles)).containsAllEntriesOf(circles);
    }

    @Test
    @Contract("S09")
    void chainNeedsNoParking() {
        Map<Integer, Integer> chain = Map.of(1, 0, 2, 1, 3, 2, 4, 3);

        List<Move> moves = DescriptorMoves.plan(chain, Set.of());

        assertThat(moves).containsExactly(new Move(3, 4), new Move(2, 3), new Move(1, 2), new Move(0, 1));
    }

    @Test
    @Contract("S09")
    void descriptorThatKeepsItsNumberIsStillMovedSoThatCloseOnExecGoes() {
        assertThat(DescriptorMoves.plan(Map.of(7, 7), Set.of())).containsExactly(new Move(7, 7));
    }

    @Test
    @Contract("S09")
    void oneSourceFeedsManyTargetsItselfAmongThem() {
        Map<Integer, Integer> fan = Map.of(3, 3, 4, 3, 5, 3, 0, 3);

        assertThat(DescriptorMoves.plan(fan, Set.of())).hasSize(4);
        assertThat(carriedOut(fan)).containsAllEntriesOf(fan);
    }

    @Test
    @Contract("S09")
    void planIsNoLongerThanItsTargetsAndTheCirclesAmongThem() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);

        for (int round = 0; round < ROUNDS; round++) {
            Map<Integer, Integer> wanted = randomMapping(random);

            assertThat(DescriptorMoves.plan(wanted, Set.of()))
                    .as("%s, round %d of seed %d", wanted, round, seed)
                    .hasSize(wanted.size() + circles(wanted));
        }
    }

    @Test
    @Contract("S09")
    void parkingTouchesNoSourceAndNoTarget() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);

        for (int round = 0; round < ROUNDS; round++) {
            Map<Integer, Integer> wanted = randomMapping(random);

            for (Move move : DescriptorMoves.plan(wanted, Set.of())) {
                boolean parks = !wanted.containsKey(move.to());
                assertThat(parks && wanted.containsValue(move.to()))
                        .as("%s of %s, round %d of seed %d", move, wanted, round, seed)
                        .isFalse();
            }
        }
    }

    /** What each number of the child means in the end, where every number began as itself. */
    private static Map<Integer, Integer> carriedOut(Map<Integer, Integer> wanted) {
        Map<Integer, Integer> table = new HashMap<>();
        for (Move move : DescriptorMoves.plan(wanted, Set.of())) {
            table.put(move.to(), table.getOrDefault(move.from(), move.from()));
        }
        return table;
    }

    /** Up to twelve targets; numbers from a small range, so that they collide, or a large one with gaps. */
    private static Map<Integer, Integer> randomMapping(Random random) {
        int range = random.nextBoolean() ? 8 : 500;
        int size = random.nextInt(13);
        Map<Integer, Integer> mapping = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            mapping.put(random.nextInt(range), random.nextInt(range));
        }
        return mapping;
    }

    /** How many circles of two or more there are: each needs one copy more. */
    private static int circles(Map<Integer, Integer> wanted) {
        Set<Integer> seen = new HashSet<>();
        int circles = 0;
        for (int start : wanted.keySet()) {
            Set<Integer> path = new HashSet<>();
            int at = start;
            while (wanted.containsKey(at) && wanted.get(at) != at && seen.add(at)) {
                path.add(at);
                at = wanted.get(at);
            }
            circles += path.contains(at) ? 1 : 0;
        }
        return circles;
    }
}
