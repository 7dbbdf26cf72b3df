package dev.brood.bench;

import dev.brood.Brood;
import dev.brood.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Compares Brood with C and the JDK on the same work, in turn, and prints medians and ratios.
 *
 * <p>{@code Compare FOLDER ROUNDS all|limit|starting|closing|streams}: the folder holds the compiled C programs.
 */
public final class Compare {
    private static final int MANY = 2_000; // in one piece of work
    private static final int FEW = 500;
    private static final int TURNS = 5; // of each, a round

    private final Path c;
    private final int rounds;

    private Compare(Path c, int rounds) {
        this.c = c;
        this.rounds = rounds;
    }

    /**
     * Runs the comparison.
     *
     * @param arguments the folder of the C programs, how many rounds, and what: all, limit, starting, closing or streams
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new Compare(Path.of(arguments[0]), Integer.parseInt(arguments[1])).run(arguments[2]);
    }

    private void run(String chapter) throws IOException, InterruptedException {
        try (Brood brood = Brood.open()) {
            if (wants(chapter, "limit")) {
                limit(brood);
            }
            if (wants(chapter, "starting")) {
                starting(brood);
            }
            if (wants(chapter, "closing")) {
                closing(brood);
            }
            if (wants(chapter, "streams")) {
                streams(brood);
            }
        }
    }

    private static boolean wants(String chapter, String one) {
        return chapter.equals("all") || chapter.equals(one);
    }

    /** Against C and the JDK. */
    private void limit(Brood brood) throws IOException {
        Command driven = java("driven", "starts", MANY, 64);
        takeTurns(brood, "starts/s, loop on this thread", driven, c("starts", MANY, 64));
        takeTurns(brood, "starts/s, loop on its own thread", java("brood", "starts", MANY, 64), c("starts", MANY, 64));
        takeTurns(brood, "starts/s, against the JDK", driven, java("jdk", "starts", FEW, 64));
        takeTurns(brood, "death to callback, 1 live, us", java("driven", "delay", FEW, 1), c("delay", FEW, 1));
        takeTurns(
                brood, "death to callback, 2000 live, us", java("driven", "delay", FEW, 2_000), c("delay", FEW, 2_000));
    }

    /** What a start costs among much else. */
    private void starting(Brood brood) throws IOException {
        Command alone = among(0, 0, 0);
        Command threePipes = among(0, 3, 0);
        takeTurns(brood, "starts/s, against posix_spawn", alone, java("posix", "starts", MANY, 64));
        takeTurns(brood, "starts/s, against clone3 in C", alone, c("clones", MANY, 64));
        takeTurns(brood, "among 1,000 descriptors, and none", among(1_000, 0, 0), alone);
        takeTurns(brood, "among 10,000 descriptors, and none", among(10_000, 0, 0), alone);
        takeTurns(brood, "3 pipes, 1,000 descriptors, none", among(1_000, 3, 0), threePipes);
        takeTurns(brood, "3 pipes, 10,000 descriptors, none", among(10_000, 3, 0), threePipes);
        takeTurns(brood, "among 8,000 children, and none", among(0, 0, 8_000), alone);
        takeTurns(brood, "in a heap of 8 GiB, and of 256 MiB", heap("8g"), heap("256m"));
    }

    /** How long it takes to end many. */
    private void closing(Brood brood) throws IOException {
        try (Turns turns = Turns.start(brood, java("brood", "closing", 5_000, 500))) {
            List<Double> late = new ArrayList<>();
            for (int turn = 0; turn < rounds; turn++) {
                late.add(turns.take());
            }
            System.out.printf(Locale.ROOT, "%-36s %10.1f%n", "closing over 5,000, ms beyond grace", median(late));
        }
    }

    /** What children write. */
    private void streams(Brood brood) throws IOException, InterruptedException {
        long one = 2L << 30;
        long each = 4L << 20;
        Command c = Command.of(program("reader"), program("flood"), Long.toString(one), Integer.toString(1 << 20));
        compare(brood, "MiB/s of 1, callbacks and C", traffic("callbacks", one, 1), c);
        compare(brood, "MiB/s of 1, streams and C", traffic("streams", one, 1), c);
        compare(brood, "MiB/s of 1, callbacks and the JDK", traffic("callbacks", one, 1), traffic("jdk", one, 1));
        compare(brood, "MiB/s of 1, streams and the JDK", traffic("streams", one, 1), traffic("jdk", one, 1));
        compare(brood, "MiB/s of 200, callbacks and JDK", traffic("callbacks", each, 200), traffic("jdk", each, 200));
        compare(brood, "MiB/s of 200, streams and JDK", traffic("streams", each, 200), traffic("jdk", each, 200));
        System.out.printf(
                Locale.ROOT,
                "%-36s %10.1f%n",
                "heap of an idle child, bytes",
                figure(brood, traffic("idle", 0, 8_000)));
    }

    private Command traffic(String subject, long bytes, int children) {
        return jvm(
                List.of(),
                Traffic.class,
                List.of(subject, program("flood"), Long.toString(bytes), Integer.toString(children)));
    }

    private Command among(int descriptors, int pipes, int live) {
        return java("driven", "starts", MANY, 64, descriptors, pipes, live);
    }

    private Command heap(String size) {
        return java(List.of("-Xms" + size, "-Xmx" + size, "-XX:+AlwaysPreTouch"), "driven", "starts", MANY, 64);
    }

    /**
     * Has two programs take turns for as long as they live. The ratio is the median of those of neighbours.
     */
    private void takeTurns(Brood brood, String title, Command ours, Command theirs) throws IOException {
        List<Double> first = new ArrayList<>();
        List<Double> second = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        try (Turns one = Turns.start(brood, ours);
                Turns other = Turns.start(brood, theirs)) {
            for (int turn = 0; turn < rounds * TURNS; turn++) {
                first.add(one.take());
                second.add(other.take());
                ratios.add(first.getLast() / second.getLast());
            }
        }
        print(title, median(first), median(second), median(ratios));
    }

    private static void print(String title, double one, double other, double ratio) {
        System.out.printf(Locale.ROOT, "%-36s %10.1f %10.1f   ratio %.2f%n", title, one, other, ratio);
    }

    /** Measures two programs that are started anew for each round. */
    private void compare(Brood brood, String title, Command ours, Command theirs)
            throws IOException, InterruptedException {
        List<Double> first = new ArrayList<>();
        List<Double> second = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            first.add(figure(brood, ours));
            second.add(figure(brood, theirs));
        }
        double one = median(first);
        double other = median(second);
        print(title, one, other, one / other);
    }

    private static double figure(Brood brood, Command command) throws IOException, InterruptedException {
        return Double.parseDouble(brood.run(command).check().stdoutText().strip());
    }

    private Command c(String work, int count, int atOnce) {
        return Command.of(program("limit"), work, noop(), Integer.toString(count), Integer.toString(atOnce));
    }

    private Command java(String subject, String work, int... numbers) {
        return java(List.of(), subject, work, numbers);
    }

    private Command java(List<String> options, String subject, String work, int... numbers) {
        List<String> words = new ArrayList<>(List.of(subject, work, noop()));
        IntStream.of(numbers).mapToObj(Integer::toString).forEach(words::add);
        return jvm(options, Subject.class, words);
    }

    private static Command jvm(List<String> options, Class<?> main, List<String> words) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(options);
        line.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), main.getName()));
        line.addAll(words);
        return Command.of(line);
    }

    private String noop() {
        return program("noop");
    }

    private String program(String name) {
        return c.resolve(name).toString();
    }

    private static double median(List<Double> figures) {
        double[] sorted =
                figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
