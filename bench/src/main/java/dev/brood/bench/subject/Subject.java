package dev.brood.bench.subject;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.DeathWatch;
import dev.brood.Ladder;
import dev.brood.Reach;
import dev.brood.Signal;
import dev.brood.spawn.Spawner;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A measured program: {@code WAY WORK NAME=VALUE...}. It prints "ready", or "cannot" and why; then it does a piece of the work for each line that it
 * reads, and prints the figures. So several of them take turns, and whatever else the machine does meets all.
 */
public final class Subject {
    private final Settings settings;

    private Subject(Settings settings) {
        this.settings = settings;
    }

    /**
     * Measures as often as it is asked to. A failure ends the JVM, whatever children a way is waiting for.
     *
     * @param arguments the way, the work, and its settings
     */
    public static void main(String[] arguments) {
        Subject subject = new Subject(new Settings(arguments));
        try {
            subject.run(arguments[0], arguments[1]);
        } catch (UnsupportedOperationException hasNoWords) {
            System.out.println("cannot " + hasNoWords.getMessage());
        } catch (IOException | InterruptedException | RuntimeException failure) {
            System.out.println("failed " + failure);
        }
        Runtime.getRuntime().halt(0);
    }

    private static Way way(String name) {
        return switch (name) {
            case "driven" -> BroodWay.driven(UnaryOperator.identity());
            case "posix" -> BroodWay.driven(builder -> builder.spawner(Spawner.posixSpawn()));
            case "sigchld" -> BroodWay.driven(builder -> builder.deathWatch(DeathWatch.SIGCHLD));
            case "threaded" -> BroodWay.threaded();
            case "streams" -> new BroodStreams();
            case "jdk" -> new JdkWay(false);
            case "virtual" -> new JdkWay(true);
            case "nuprocess" -> new NuWay();
            case "commons" -> new CommonsWay();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private void run(String name, String work) throws IOException, InterruptedException {
        Way way = way(name);
        switch (work) {
            case "starts" -> serveStarts(Starts.plain(way, settings));
            case "collect" -> serve(Starts.collecting(way, settings));
            case "input" -> serve(Starts.writing(way, settings));
            case "bytes" -> serve(Starts.reading(way, settings));
            case "delay" -> serveDelays(new Waiting(way, settings));
            case "kill" -> serve(new Waiting(way, settings)::killed);
            case "memory" -> serveMemory(new Waiting(way, settings));
            case "closing" -> serve(this::closing);
            case "reaching" -> serve(this::reaching);
            default -> throw Way.cannot("is no work: " + work);
        }
        way.close();
    }

    /** Among others that were opened after the first starts. */
    private void serveStarts(Piece starts) throws IOException, InterruptedException {
        String _ = starts.measure();
        List<FileChannel> others = others();
        serve(starts);
        for (FileChannel other : others) {
            other.close();
        }
    }

    private static void serve(Piece piece) throws IOException, InterruptedException {
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        System.out.println("ready");
        while (asked.readLine() != null) {
            System.out.println(piece.measure());
        }
    }

    private void serveDelays(Waiting waiting) throws IOException, InterruptedException {
        int live = settings.number("live", 1);
        waiting.warm(settings.number("warm", 0));
        serve(() -> waiting.delays(live));
        waiting.endAll();
    }

    private void serveMemory(Waiting waiting) throws IOException, InterruptedException {
        serve(() -> Memory.ofLive(waiting, settings.number("count", 1)));
    }

    private List<FileChannel> others() throws IOException {
        List<FileChannel> others = new ArrayList<>();
        for (int left = settings.number("others", 0); left > 0; left--) {
            others.add(FileChannel.open(Path.of("/dev/null")));
        }
        return others;
    }

    /** How many milliseconds beyond the grace it takes to close over children that ignore the first signal. */
    private String closing() throws IOException {
        Brood brood = Brood.open();
        Command command = Command.of(settings.program(), "wait");
        for (int left = settings.number("count", 1); left > 0; left--) {
            Child _ = brood.spawn(command);
        }
        Duration grace = Duration.ofMillis(settings.number("grace", 500));
        long begin = System.nanoTime();
        brood.close(Closing.stop(Ladder.begin(Signal.CONT, grace)));
        return Stamp.figures((System.nanoTime() - begin - grace.toNanos()) / 1e6);
    }

    /** How many milliseconds it takes to end sleeping children and whoever is with them, and how many to walk through /proc twice. */
    private String reaching() throws IOException {
        Brood brood = Brood.open();
        Command command = Command.of(settings.program(), "wait").reach(Reach.valueOf(settings.word("reach", "CHILD")));
        for (int left = settings.number("count", 1); left > 0; left--) {
            Child _ = brood.spawn(command);
        }
        double walks = walk() + walk();
        long begin = System.nanoTime();
        brood.close(Closing.stop(Duration.ofMinutes(1)));
        return Stamp.figures((System.nanoTime() - begin) / 1e6, walks);
    }

    /** As plain Java does it. */
    private static double walk() throws IOException {
        long begin = System.nanoTime();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                look(process);
            }
        }
        return (System.nanoTime() - begin) / 1e6;
    }

    private static void look(Path process) {
        try {
            byte[] _ = Files.readAllBytes(process.resolve("stat"));
        } catch (IOException gone) {
            return; // others come and go meanwhile
        }
    }
}
