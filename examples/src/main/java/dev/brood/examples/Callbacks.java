package dev.brood.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.OutputHandler;
import dev.brood.Stdio;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Many children, one thread: what they say is handled where it arrives, on the loop. */
public final class Callbacks {
    private Callbacks() {}

    /**
     * Starts a few children that count, and prints who said what.
     *
     * @param arguments how many children
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int count = arguments.length == 0 ? 3 : Integer.parseInt(arguments[0]);
        try (Brood brood = Brood.open()) {
            List<Child> children = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                Child child = brood.spawn(Command.of("seq", "2").stdout(Stdio.pipe()));
                String name = "child " + i;
                child.stdout()
                        .read(OutputHandler.lines(UTF_8, (output, line) -> System.out.println(name + ": " + line)));
                children.add(child);
            }
            for (Child child : children) {
                child.closed().join(); // it has ended, and everything it wrote has arrived
            }
        }
    }
}
