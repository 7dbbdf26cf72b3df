package dev.brood.bench;

import dev.brood.Command;
import dev.brood.Stdio;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Fresh JVMs, and the command line program: parts about what is started anew each time. */
final class CommandLine {
    private static final int MILLION = 1_000_000;
    private static final int THOUSAND = 1_000;
    private static final int LESS = 10; // times: GNU parallel takes milliseconds for each item

    private final Programs programs;
    private final Scale scale;

    CommandLine(Programs programs, Scale scale) {
        this.programs = programs;
        this.scale = scale;
    }

    List<Part> parts() {
        return List.of(
                new Part("first", "the first start of a fresh JVM", this::first),
                new Part("launch", "the command line program for one command", this::launch),
                new Part("each", "a command for each of many items", this::each));
    }

    private List<Row> first() {
        Target target = Target.atMost(Figure.FIRST, Peer.JDK.label(), 1.6);
        List<Figure> figures = List.of(Figure.FIRST);
        return List.of(
                new Row(
                        "without an AOT cache",
                        figures,
                        List.of(programs.first(Peer.BROOD.label(), "brood"), programs.first(Peer.JDK.label(), "jdk")),
                        target),
                new Row(
                        "with an AOT cache",
                        figures,
                        List.of(
                                programs.firstCached(Peer.BROOD.label(), "brood"),
                                programs.firstCached(Peer.JDK.label(), "jdk")),
                        target));
    }

    private List<Row> launch() {
        return List.of(new Row(
                "one /bin/true",
                List.of(Figure.RUN),
                List.of(
                        Programs.timed("brood run", Command.of(programs.launcher(), "run", "/bin/true"), THOUSAND),
                        Programs.timed("a JVM that does nothing", programs.idleJvm(), THOUSAND),
                        Programs.timed("sh", Command.of("sh", "-c", "/bin/true; true"), THOUSAND))));
    }

    private List<Row> each() {
        return List.of(each(2), each(16));
    }

    private Row each(int jobs) {
        int count = scale.of(10_000, 1_000);
        String number = Integer.toString(jobs);
        Contestant brood =
                items("brood each", count, programs.launcher(), "each", "-q", "-j", number, "--", "/bin/true");
        Contestant mortal = items(
                "brood each --die-with-me",
                count,
                programs.launcher(),
                "each",
                "-q",
                "--die-with-me",
                "-j",
                number,
                "--",
                "/bin/true");
        Contestant xargs = items("xargs -P", count, "xargs", "-n", "1", "-P", number, "/bin/true");
        Contestant parallel = items("GNU parallel", count / LESS, "parallel", "-j", number, "/bin/true");
        return new Row(
                "%,d times /bin/true, %d at once".formatted(count, jobs),
                List.of(Figure.ITEM),
                List.of(brood, mortal, xargs, parallel),
                Target.atMost(Figure.ITEM, "xargs -P", 1.2));
    }

    private static Contestant items(String name, int count, String... words) {
        Command command = Command.of(List.of(words)).stdin(Stdio.read(itemsFile(count)));
        return Programs.timed(name, command, (double) MILLION / count);
    }

    private static Path itemsFile(int count) {
        try {
            Path file = Files.createTempFile("brood-bench", ".items");
            file.toFile().deleteOnExit();
            String items =
                    IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining("\n", "", "\n"));
            return Files.writeString(file, items);
        } catch (IOException noRoom) {
            throw new UncheckedIOException(noRoom);
        }
    }
}
