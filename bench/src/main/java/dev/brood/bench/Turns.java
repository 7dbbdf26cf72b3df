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

/** A measured program that runs, and does a piece of its work whenever it is its turn. */
final class Turns implements AutoCloseable {
    private final Child child;
    private final BufferedReader figures;

    private Turns(Child child) throws IOException {
        this.child = child;
        this.figures = child.stdout().reader(StandardCharsets.US_ASCII);
    }

    /** Starts it and lets it warm up. */
    static Turns start(Brood brood, Command command) throws IOException {
        Turns turns = new Turns(brood.spawn(command.stdin(Stdio.pipe()).stdout(Stdio.pipe())));
        String ready = turns.line();
        if (!ready.equals("ready")) {
            throw new IOException(command + " says " + ready);
        }
        return turns;
    }

    /** {@return the figure of one more piece of work} */
    double take() throws IOException {
        child.stdin().write(ByteBuffer.wrap(new byte[] {'\n'}));
        return Double.parseDouble(line());
    }

    @Override
    public void close() throws IOException {
        child.stdin().close();
        child.exit().join();
        figures.close();
    }

    private String line() throws IOException {
        String line = figures.readLine();
        if (line == null) {
            throw new EOFException(child + " has ended: " + child.exit().join());
        }
        return line;
    }
}
