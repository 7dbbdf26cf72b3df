package dev.brood.examples;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.SpawnException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Makes what is to be seen in a flight recording: many good children, a deadline that passes, a failing start, a callback that holds the loop. */
public final class Observed {
    private static final Duration LONG = Duration.ofMillis(300);

    private Observed() {}

    /**
     * Runs children, and prints what was counted.
     *
     * @param arguments how many good ones, or none for a hundred
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int many = arguments.length == 0 ? 100 : Integer.parseInt(arguments[0]);
        try (Brood brood = Brood.open()) {
            for (int i = 0; i < many; i++) {
                brood.run(Command.of("date")).check();
            }
            brood.spawn(Command.of("sleep", "100").deadline(LONG)).await();
            failToStart(brood);
            holdTheLoop(brood);
            System.out.println(brood.counters());
        }
    }

    private static void failToStart(Brood brood) {
        try {
            Child _ = brood.spawn(Command.of("sort").directory(Path.of("/no/such/place")));
        } catch (SpawnException failure) {
            System.out.println(failure.getMessage());
        }
    }

    /** While the handler of one child sleeps, nobody hears of the end of the other. */
    private static void holdTheLoop(Brood brood) throws IOException, InterruptedException {
        Child held = brood.spawn(Command.of("true"), (child, exit) -> sleep());
        Child late = brood.spawn(Command.of("sleep", "0.1"));
        held.await();
        late.await();
    }

    private static void sleep() {
        try {
            Thread.sleep(LONG);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
