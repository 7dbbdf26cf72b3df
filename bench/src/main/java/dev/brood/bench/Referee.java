package dev.brood.bench;

import dev.brood.Brood;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Has the contestants of a row take turns: A B C, C B A, A B C, for as long as they live. */
final class Referee {
    private final Brood brood;
    private final Scale scale;

    Referee(Brood brood, Scale scale) {
        this.brood = brood;
        this.scale = scale;
    }

    /** One that is playing, and what it has shown. */
    private record Player(String name, Turns turns, List<double[]> seen) {}

    Result run(Row row) throws IOException, InterruptedException {
        Result result = new Result(row);
        if (row.together()) {
            run(row, row.contestants(), result);
        } else {
            for (Contestant contestant : row.contestants()) {
                run(row, List.of(contestant), result);
            }
        }
        return result;
    }

    private void run(Row row, List<Contestant> contestants, Result result) throws IOException, InterruptedException {
        List<Player> players = new ArrayList<>();
        try {
            for (Contestant contestant : contestants) {
                enter(contestant, scale.warmUp(row), players, result);
            }
            play(players, row.together() ? scale.rounds() : scale.fewRounds(), result);
        } finally {
            for (Player player : players) {
                player.turns().close();
            }
        }
    }

    private void enter(Contestant contestant, Duration warmUp, List<Player> players, Result result)
            throws InterruptedException {
        String name = contestant.name();
        try {
            players.add(new Player(name, contestant.open(brood, warmUp), new ArrayList<>()));
            result.turns().put(name, players.getLast().seen());
        } catch (IOException | RuntimeException failure) {
            result.leftOut().put(name, String.valueOf(failure.getMessage()));
        }
    }

    private static void play(List<Player> players, int rounds, Result result) throws InterruptedException {
        List<Player> order = new ArrayList<>(players);
        for (int round = 0; round < rounds; round++) {
            for (Player player : List.copyOf(order)) {
                if (!plays(player, result)) {
                    order.remove(player);
                }
            }
            Collections.reverse(order);
        }
    }

    /** One that fails is out, with all that it has shown. */
    private static boolean plays(Player player, Result result) throws InterruptedException {
        try {
            player.seen().add(player.turns().take());
            return true;
        } catch (IOException | RuntimeException failure) {
            result.turns().remove(player.name());
            result.leftOut().put(player.name(), String.valueOf(failure.getMessage()));
            return false;
        }
    }
}
