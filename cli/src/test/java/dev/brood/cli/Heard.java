package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.Signal;
import dev.brood.Watch;

/** A program that says "heard" as often as it gets a signal that the kernel queues. A shell's trap would say it once for several. */
final class Heard {
    static final Signal SIGNAL = Signal.named("RTMIN+3");

    private Heard() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Brood brood = Brood.open()) {
            Watch _ = brood.onSignal(SIGNAL, () -> System.out.println("heard"));
            System.out.println("up");
            brood.closed().join(); // which a signal brings
        }
    }
}
