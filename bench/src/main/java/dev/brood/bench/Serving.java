package dev.brood.bench;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Stdio;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** A measured program that lives, and does a piece for each line that it is sent. */
final class Serving implements Turns {
    private static final Duration LIMIT = Duration.ofMinutes(5); // of a row; one that hangs is left out

    private final Child child;
    private final BufferedReader answers;

    private Serving(Child child) {
        this.child = child;
        this.answers = child.stdout().reader(StandardCharsets.UTF_8);
    }

    static Serving start(Brood brood, Command command) throws IOException {
        Command piped = command.stdin(Stdio.pipe()).stdout(Stdio.pipe()).deadline(LIMIT);
        Serving serving = new Serving(brood.spawn(piped, (child, exit) -> {}));
        String said = serving.line();
        if (!said.equals("ready")) {
            serving.close();
            throw new CannotException(said);
        }
        return serving;
    }

    @Override
    public double[] take() throws IOException {
        child.stdin().write(ByteBuffer.wrap(new byte[] {'\n'}));
        return Arrays.stream(line().split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    @Override
    public void close() throws IOException {
        child.stdin().close();
        child.exit().join();
        answers.close();
    }

    private String line() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new EOFException(child.describe());
        }
        if (line.startsWith("failed")) {
            throw new IOException(line);
        }
        return line;
    }
}
