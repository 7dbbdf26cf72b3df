package dev.brood.cli;

import dev.brood.Child;
import dev.brood.Output;
import dev.brood.OutputHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the lines of many children go, in the order in which they come, each with the time and the name of who wrote it; and our own among them.
 * Where whoever reads us is slow, the children are held back. On the loop.
 */
final class Console implements OutputHandler, Printer.Listener {
    private static final String OURS = "brood";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final int[] COLOURS = {36, 33, 32, 35, 34, 96, 93, 92, 95, 94}; // SGR, ECMA-48 8.3.117

    private final Job job = new Job(new byte[0]);
    private final Printer printer;
    private final boolean coloured;
    private final int width;
    private final Runnable nobodyReads;
    private final Map<Output, Child> open = new HashMap<>(); // guarded by this, as is:
    private boolean unwanted;

    /**
     * A console for names so long.
     *
     * @param nobodyReads what to do when nothing can be printed any more; on any thread
     */
    Console(boolean coloured, int longestName, Runnable nobodyReads) {
        this.coloured = coloured;
        this.width = Math.max(longestName, OURS.length());
        this.nobodyReads = nobodyReads;
        this.printer = new Printer(1, false, Tee.to(null), new Progress(false), this);
    }

    void start() {
        printer.start();
        printer.add(job);
        printer.end();
    }

    /** Prints all that comes from an output, under a name, in the colour of that number. */
    void follow(Child child, Output output, String name, int colour) {
        if (keep(output, child)) {
            output.read(new Lines(() -> beginning(name, COLOURS[colour % COLOURS.length]), this));
        } else {
            output.close();
        }
    }

    /** Prints a line of ours. */
    void say(String line) {
        byte[] first = beginning(OURS, 1); // bold
        byte[] rest = (Shown.text(line) + '\n').getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(first.length + rest.length);
        job.say(Chunk.of(1, all.put(first).put(rest).flip()));
    }

    /** Nothing more comes: waits until all is printed, but no longer. {@return whether anybody reads} */
    boolean finish(Duration limit) throws InterruptedException {
        job.close();
        boolean _ = printer.join(limit);
        return !isUnwanted();
    }

    @Override
    public void data(Output output, ByteBuffer bytes) {
        if (isUnwanted()) {
            output.close();
        } else {
            job.data(output, bytes);
        }
    }

    @Override
    public void end(Output output, boolean complete) {
        Child child = let(output);
        if (!complete && !isUnwanted() && child != null) {
            say(child.describe() + "; it " + LeftBehind.sentence(child.pid()));
        }
    }

    @Override
    public void nobodyReads() {
        giveUp();
        nobodyReads.run();
    }

    @Override
    public void cut(Job one, IOException why) {
        Standard.ERR.say("the output is cut: " + why.getMessage());
    }

    private synchronized boolean keep(Output output, Child child) {
        boolean wanted = !unwanted;
        if (wanted) {
            open.put(output, child);
        }
        return wanted;
    }

    private synchronized @Nullable Child let(Output output) {
        return open.remove(output);
    }

    private synchronized boolean isUnwanted() {
        return unwanted;
    }

    private synchronized void giveUp() {
        unwanted = true;
        open.keySet().forEach(Output::close);
    }

    private byte[] beginning(String name, int colour) {
        String text = TIME.format(LocalTime.now(ZoneId.systemDefault())) + " " + name
                + " ".repeat(width - name.length()) + " |";
        String shown = coloured ? "\033[" + colour + "m" + text + "\033[0m " : text + " ";
        return shown.getBytes(StandardCharsets.US_ASCII);
    }
}
