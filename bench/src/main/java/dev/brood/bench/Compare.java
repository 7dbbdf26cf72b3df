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
 * <p>{@code Compare FOLDER ROUNDS all|limit|starting}: the folder holds the compiled C programs.
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
     * @param arguments the folder of the C programs, how many rounds, and what: all, limit or starting
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new Compare(Path.of(arguments[0]), Integer.parseInt(arguments[1])).run(arguments[2]);
    }

    private void run(String chapter) throws IOException, InterruptedException {
        try (Brood brood = Brood.open()) {
            if (!chapter.equals("starting")) {
                compare(
                        brood,
                        "starts/s, loop on this thread",
                        java("driven", "starts", 20_000, 64),
                        c("starts", 20_000, 64));
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
                compare(
                        brood,
                        "death to callback, 1 live, us",
                        java("driven", "delay", 2_000, 1),
                        c("delay", 2_000, 1));
                compare(
                        brood,
                        "death to callback, 2000 live, us",
                        java("driven", "delay", 2_000, 2_000),
                        c("delay", 2_000, 2_000));
            }
            if (!chapter.equals("limit")) {
                starting(brood);
            }
        }
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
        return Command.of(
                c.resolve("limit").toString(), work, noop(), Integer.toString(count), Integer.toString(atOnce));
    }

    private Command java(String subject, String work, int... numbers) {
        return java(List.of(), subject, work, numbers);
    }

    private Command java(List<String> options, String subject, String work, int... numbers) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(options);
        line.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Subject.class.getName(),
                subject,
                work,
                noop()));
        IntStream.of(numbers).mapToObj(Integer::toString).forEach(line::add);
        return Command.of(line);
    }

    private String noop() {
        return c.resolve("noop").toString();
    }

    private static double median(List<Double> figures) {
        double[] sorted =
                figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
