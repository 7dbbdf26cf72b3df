package dev.brood.bench.subject;

import dev.brood.Brood;
import dev.brood.Command;
import java.io.IOException;

/** The first start of a fresh JVM: {@code brood|jdk|none PROGRAM} prints how many milliseconds it took until the end was told. */
public final class First {
    private First() {}

    /**
     * Starts one child, if any.
     *
     * @param arguments who starts it; what
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        switch (arguments[0]) {
            case "brood" -> brood(arguments[1]);
            case "jdk" -> new ProcessBuilder(arguments[1]).inheritIO().start().waitFor();
            case "none" -> {}
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println((System.nanoTime() - begin) / 1e6);
    }

    private static void brood(String program) throws IOException, InterruptedException {
        try (Brood brood = Brood.open()) {
            brood.spawn(Command.of(program)).await();
        }
    }
}
