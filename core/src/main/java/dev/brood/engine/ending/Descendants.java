package dev.brood.engine.ending;

import dev.brood.Ladder;
import dev.brood.Signal;
import dev.brood.engine.telling.Turns;
import dev.brood.log.Log;
import dev.brood.reap.Kin;
import dev.brood.reap.ProcessKin;
import dev.brood.reap.Registry;
import dev.brood.reap.Salvo;
import dev.brood.spawn.Bytes;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Consumer;

/**
 * Whatever descends from this process and is no context's child: ended when a context closes that was asked to. Where that context owns
 * everything, it closes no sooner than they are reaped.
 */
public final class Descendants implements Descent.Target {
    private final Kin kin = ProcessKin.ofThisProcess(Registry::contains);
    private final Rounds rounds;
    private final boolean reaped;
    private final Remainder remainder;

    private Descendants(Turns turns, Vigil vigil, Rounds rounds, boolean reaped) {
        this.rounds = rounds;
        this.reaped = reaped;
        this.remainder = new Remainder(turns, vigil, this::isLeft, new Descent(turns, this));
    }

    /**
     * Begins to end them.
     *
     * @param vigil waits until they are gone
     * @param reaped whether the context reaps them
     */
    public static void end(Turns turns, Vigil vigil, Rounds rounds, boolean reaped, Ladder ladder) {
        Descendants all = new Descendants(turns, vigil, rounds, reaped);
        all.remainder.begin();
        all.remainder.hurry(ladder);
    }

    @Override
    public void send(List<Signal> signals, Consumer<Boolean> done) {
        int[] numbers = signals.stream().mapToInt(Signal::number).toArray();
        rounds.fire(new Salvo(kin, numbers), refused -> {
            if (refused != null) {
                Log.LIBRARY.log(Level.WARNING, "descendants cannot be sent " + signals.getFirst(), refused);
            }
            done.accept(refused == null);
        });
    }

    @Override
    public boolean write(Bytes bytes) {
        return false;
    }

    @Override
    public boolean endInput() {
        return false;
    }

    @Override
    public void killed() {
        if (!reaped) {
            remainder.end();
        }
    }

    private boolean isLeft() throws IOException {
        return kin.isLeft() || (reaped && ProcessKin.hasZombie(Registry::contains));
    }
}
