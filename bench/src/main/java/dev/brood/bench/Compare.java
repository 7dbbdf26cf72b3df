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
 * Compares Brood with C and the JDK on the same work, in turn, and prints medians and their ratios.
 *
 * <p>{@code Compare FOLDER ROUNDS all|limit|starting|streams}: the folder holds the compiled C programs.
 */
public final class Compare {
    private static final int FEW = 5_000;

    private final Path c;
    private final int rounds;

    private Compare(Path c, int rounds) {
        this.c = c;
        this.rounds = rounds;
    }

    /**
     * Runs the comparison.
     *
     * @param arguments the folder of the C programs, how many rounds, and what: all, limit, starting or streams
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
            if (wants(chapter, "streams")) {
                streams(brood);
            }
        }
    }

    private static boolean wants(String chapter, String one) {
        return chapter.equals("all") || chapter.equals(one);
    }

    /** Against C and the JDK. */
    private void limit(Brood brood) throws IOException, InterruptedException {
        compare(brood, "starts/s, loop on this thread", java("driven", "starts", 20_000, 64), c("starts", 20_000, 64));
        compare(
                brood,
                "starts/s, loop on its own thread",
                java("brood", "starts", 20_000, 64),
                c("starts", 20_000, 64));
        compare(
                brood,
                "starts/s, against the JDK",
                java("driven", "starts", 3_000, 64),
                java("jdk", "starts", 3_000, 64));
        compare(brood, "death to callback, 1 live, us", java("driven", "delay", 2_000, 1), c("delay", 2_000, 1));
        compare(
                brood,
                "death to callback, 2000 live, us",
                java("driven", "delay", 2_000, 2_000),
                c("delay", 2_000, 2_000));
    }

    /** What a start costs among much else. */
    private void starting(Brood brood) throws IOException, InterruptedException {
        Command alone = among(0, 0, 0);
        Command threePipes = among(0, 3, 0);
        compare(brood, "starts/s, against posix_spawn", alone, java("posix", "starts", FEW, 64));
        compare(brood, "starts/s, against clone3 in C", alone, c("clones", FEW, 64));
        compare(brood, "among 1,000 descriptors, and none", among(1_000, 0, 0), alone);
        compare(brood, "among 10,000 descriptors, and none", among(10_000, 0, 0), alone);
        compare(brood, "3 pipes, 1,000 descriptors, none", among(1_000, 3, 0), threePipes);
        compare(brood, "3 pipes, 10,000 descriptors, none", among(10_000, 3, 0), threePipes);
        compare(brood, "among 8,000 children, and none", among(0, 0, 8_000), alone);
        compare(brood, "in a heap of 8 GiB, and of 256 MiB", heap("8g"), heap("256m"));
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
        return java("driven", "starts", FEW, 64, descriptors, pipes, live);
    }

    private Command heap(String size) {
        return java(List.of("-Xms" + size, "-Xmx" + size, "-XX:+AlwaysPreTouch"), "driven", "starts", FEW, 64);
    }

    /** Measures two programs in turn. */
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
        System.out.printf(Locale.ROOT, "%-36s %10.1f %10.1f   ratio %.2f%n", title, one, other, one / other);
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
