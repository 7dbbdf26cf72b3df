package dev.brood.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Locale;

/**
 * A line at the bottom of the terminal that says how far it is. Everything else that is printed goes through here, so that the line is
 * out of its way. Draws nothing where standard error is no terminal.
 */
final class Progress {
    private static final String ERASE = "\r\033[K";
    private static final int WIDTH = 24;

    private final boolean visible;
    private final long startedAt = System.nanoTime();
    private boolean drawn;
    private boolean over;

    Progress(boolean wanted) {
        this.visible = wanted && OwnTerminal.isOn(2);
    }

    boolean isVisible() {
        return visible;
    }

    /** Prints bytes of a child. */
    synchronized void print(OutputStream to, byte[] bytes) throws IOException {
        erase();
        to.write(bytes);
        to.flush();
    }

    /** Says a sentence of ours. */
    synchronized void say(String sentence) {
        erase();
        Standard.ERR.say(sentence);
    }

    /** Prints a text of ours. */
    synchronized void print(String text) {
        erase();
        Standard.ERR.print(text + System.lineSeparator());
    }

    /** Draws the line. The total is -1 while it is not known. */
    synchronized void draw(long done, long failed, long running, long total) {
        erase();
        if (over) {
            return;
        }
        double seconds =
                Math.max(1e-3, Duration.ofNanos(System.nanoTime() - startedAt).toNanos() / 1e9);
        double rate = done / seconds;
        String left = total < 0 || rate == 0 ? "" : ", " + left(Math.round((total - done) / rate)) + " left";
        String line = String.format(
                Locale.ROOT,
                "%s %d%s, %.0f/s%s, %d running, %d failed",
                bar(done, total),
                done,
                total < 0 ? "" : "/" + total,
                rate,
                left,
                running,
                failed);
        Standard.ERR.print(line);
        drawn = true;
    }

    /** The line is gone, for good. */
    synchronized void end() {
        over = true;
        erase();
    }

    private void erase() {
        if (drawn) {
            Standard.ERR.print(ERASE);
            drawn = false;
        }
    }

    private static String bar(long done, long total) {
        int full = total <= 0 ? 0 : (int) (WIDTH * done / total);
        return "[" + "#".repeat(full) + "-".repeat(WIDTH - full) + "]";
    }

    private static String left(long seconds) {
        return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }
}
