package dev.brood.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Stdio;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;

/** A conversation with a child, by plain blocking streams: on a virtual thread they park it. */
public final class Waiting {
    private Waiting() {}

    /**
     * Asks a calculator, and prints its answers.
     *
     * @param arguments what to calculate
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String[] questions = arguments.length == 0 ? new String[] {"6 * 7", "2 + 2"} : arguments;
        try (Brood brood = Brood.open()) {
            Child shell = brood.spawn(Command.of("sh", "-c", "while read question; do echo $(($question)); done")
                    .stdin(Stdio.pipe())
                    .stdout(Stdio.pipe()));
            try (Writer ask = new OutputStreamWriter(shell.stdin().stream(), UTF_8);
                    BufferedReader answers = shell.stdout().reader(UTF_8)) {
                for (String question : questions) {
                    ask.write(question + "\n");
                    ask.flush();
                    System.out.println(question + " = " + answers.readLine());
                }
            }
            System.out.println(shell.await().status().describe());
        }
    }
}
