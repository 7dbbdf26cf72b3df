package dev.brood.bench;

import dev.brood.Brood;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Compares Brood with C, the JDK and other libraries on the same work, in turn. {@code brood-bench} in the root builds and calls it. */
public final class Bench {
    private final Path results;
    private final Choice choice;
    private final List<Part> parts;

    private Bench(Programs programs, Path results, Choice choice) throws IOException {
        this.results = results;
        this.choice = choice;
        Scale scale = choice.scale();
        this.parts = Stream.of(
                        new Starting(programs, scale).parts(),
                        new Living(programs, scale, Machine.descriptors()).parts(),
                        new Streaming(programs, scale).parts(),
                        new CommandLine(programs, scale).parts())
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Runs it.
     *
     * @param arguments the folder of the C programs, the command line program, the folder for the results, and what the user has said
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Programs programs = new Programs(Path.of(arguments[0]), Path.of(arguments[1]));
        try {
            Choice choice = Choice.of(List.of(arguments).subList(3, arguments.length));
            new Bench(programs, Path.of(arguments[2]), choice).run();
        } catch (IllegalArgumentException notUnderstood) {
            System.err.println("brood-bench: " + notUnderstood.getMessage());
            System.exit(2);
        }
    }

    private void run() throws IOException, InterruptedException {
        List<Part> chosen = choice.among(parts);
        if (choice.listing()) {
            parts.forEach(part -> System.out.printf("%-12s %s%n", part.name(), part.about()));
            return;
        }
        try (Brood brood = Brood.open()) {
            Map<String, String> machine = Machine.facts(brood);
            machine.forEach((name, fact) -> System.out.println(name + ": " + fact));
            write(machine, measure(new Referee(brood, choice.scale()), chosen));
        }
    }

    private Map<String, List<Result>> measure(Referee referee, List<Part> chosen)
            throws IOException, InterruptedException {
        Map<String, List<Result>> all = new LinkedHashMap<>();
        for (Part part : chosen) {
            List<Result> seen = new ArrayList<>();
            for (Row row : choice.rows(part)) {
                Result result = referee.run(row);
                System.out.print(Report.text(part.name(), result));
                seen.add(result);
            }
            all.put(part.name(), seen);
        }
        return all;
    }

    private void write(Map<String, String> machine, Map<String, List<Result>> all) throws IOException {
        Files.createDirectories(results);
        StringBuilder text = new StringBuilder("# Measured\n\n");
        machine.forEach((name, fact) ->
                text.append("- ").append(name).append(": ").append(fact).append('\n'));
        for (Part part : choice.among(parts)) {
            List<Result> seen = all.getOrDefault(part.name(), List.of());
            text.append("\n## ")
                    .append(part.name())
                    .append(": ")
                    .append(part.about())
                    .append("\n\n");
            text.append("![](").append(part.name()).append(".svg)\n\n");
            seen.forEach(result -> text.append(Report.markdown(result)));
            Files.writeString(results.resolve(part.name() + ".svg"), Plot.svg(part.about(), seen));
        }
        Files.writeString(results.resolve("results.md"), text);
        Files.writeString(results.resolve("results.json"), Json.of(machine, all));
        System.out.println("\nwritten to " + results);
    }
}
