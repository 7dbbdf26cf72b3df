package dev.brood.bench;

import dev.brood.Brood;
import dev.brood.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares Brood with C and the JDK on the same work, in turn, and prints medians and their ratios.
 *
 * <p>{@code Compare FOLDER ROUNDS}: the folder holds the compiled C programs.
 */
public final class Compare {
    private final Path c;
    private final int rounds;

    private Compare(Path c, int rounds) {
        this.c = c;
        this.rounds = rounds;
    }

    /**
     * Runs the comparison.
     *
     * @param arguments the folder of the C programs, and how many rounds
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new Compare(Path.of(arguments[0]), Integer.parseInt(arguments[1])).run();
    }

    private void run() throws IOException, InterruptedException {
        try (Brood brood = Brood.open()) {
            compare(brood, "starts/s, loop on this thread", "starts", "20000", "64", List.of("driven", "c"));
            compare(brood, "starts/s, loop on its own thread", "starts", "20000", "64", List.of("brood", "c"));
            compare(brood, "starts/s, loop on this thread", "starts", "3000", "64", List.of("driven", "jdk"));
            compare(brood, "death to callback, 1 live, us", "delay", "2000", "1", List.of("driven", "c"));
            compare(brood, "death to callback, 2000 live, us", "delay", "2000", "2000", List.of("driven", "c"));
        }
    }

    private void compare(Brood brood, String title, String work, String count, String atOnce, List<String> subjects)
            throws IOException, InterruptedException {
        Map<String, List<Double>> figures = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (String subject : subjects) {
                List<Double> all = figures.computeIfAbsent(subject, s -> new ArrayList<>());
                all.add(measure(brood, subject, work, count, atOnce));
            }
        }
        String first = subjects.get(0);
        String second = subjects.get(1);
        double ours = median(figures.getOrDefault(first, List.of()));
        double theirs = median(figures.getOrDefault(second, List.of()));
        System.out.printf(
                Locale.ROOT,
                "%-34s %s %10.1f   %-4s %10.1f   ratio %.2f%n",
                title,
                first,
                ours,
                second,
                theirs,
                ours / theirs);
    }

    private double measure(Brood brood, String subject, String work, String count, String atOnce)
            throws IOException, InterruptedException {
        String program = c.resolve("noop").toString();
        Command command = subject.equals("c")
                ? Command.of(c.resolve("limit").toString(), work, program, count, atOnce)
                : java(subject, work, program, count, atOnce);
        return Double.parseDouble(brood.run(command).check().stdoutText().strip());
    }

    private static Command java(String... arguments) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Subject.class.getName()));
        line.addAll(Arrays.asList(arguments));
        return Command.of(line);
    }

    private static double median(List<Double> figures) {
        double[] sorted =
                figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
