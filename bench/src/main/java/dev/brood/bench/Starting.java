package dev.brood.bench;

import static dev.brood.bench.Figure.OWN_CODE;
import static dev.brood.bench.Figure.PROCESSOR;
import static dev.brood.bench.Figure.STARTS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What a start costs: parts about starting. */
final class Starting {
    private static final List<Figure> FIGURES = List.of(STARTS, PROCESSOR, OWN_CODE);
    private static final double NO_FASTER_THAN = 1 / 1.1; // starts a second, where a start may cost 1.1 times as much

    private final Programs programs;
    private final Scale scale;

    Starting(Programs programs, Scale scale) {
        this.programs = programs;
        this.scale = scale;
    }

    List<Part> parts() {
        return List.of(
                new Part("flight", "starts by how many are in flight", this::flight),
                new Part("ways", "the ways to start and to hear", this::ways),
                new Part("threads", "two starting threads", this::threads),
                new Part("pipes", "starts with three pipes", this::pipes),
                new Part("program", "starts of a program with a libc", this::program),
                new Part("descriptors", "starts among other descriptors", this::descriptors),
                new Part("heap", "starts by size of the heap", this::heap));
    }

    private List<Row> flight() {
        return Stream.of(64, 1, 8, 512)
                .map(flight -> new Row(
                        flight + " in flight",
                        FIGURES,
                        all(flight == 64 ? everybody() : usual(), flight, "pipes=0"),
                        flight == 64 ? main() : List.of()))
                .toList();
    }

    private static List<Target> main() {
        return List.of(
                Target.atLeast(STARTS, Peer.SPAWN.label(), 1.05),
                Target.atLeast(STARTS, Peer.CLONE.label(), 0.87),
                Target.atLeast(STARTS, Peer.JDK.label(), 8),
                Target.atLeast(STARTS, Peer.NUPROCESS.label(), 2.2),
                Target.atMost(PROCESSOR, Peer.CLONE.label(), 1.5));
    }

    private static List<Peer> usual() {
        return List.of(Peer.BROOD, Peer.CLONE, Peer.SPAWN, Peer.LIBUV, Peer.JDK, Peer.NUPROCESS);
    }

    private List<Peer> everybody() {
        List<Peer> more = List.of(Peer.JDK_VIRTUAL, Peer.COMMONS);
        return scale.quick()
                ? usual()
                : Stream.concat(usual().stream(), more.stream()).toList();
    }

    private List<Row> ways() {
        List<Peer> peers = List.of(Peer.BROOD, Peer.BROOD_THREAD, Peer.BROOD_POSIX, Peer.BROOD_SIGCHLD);
        return List.of(new Row("64 in flight", FIGURES, all(peers, 64, "pipes=0")));
    }

    private List<Row> threads() {
        Target atLeast = Target.atLeast(STARTS, Peer.CLONE.label(), 0.75);
        return List.of(
                new Row("two loops, 64 in flight", FIGURES, all(everybody(), 64, "threads=2"), atLeast),
                new Row(
                        "two threads, one loop, 64 in flight",
                        FIGURES,
                        all(List.of(Peer.BROOD_THREAD, Peer.CLONE), 64, "threads=2"),
                        atLeast));
    }

    private List<Row> pipes() {
        return Stream.of(64, 1, 8, 512)
                .map(flight -> new Row(
                        flight + " in flight",
                        FIGURES,
                        all(flight == 64 ? everybody() : usual(), flight, "pipes=3"),
                        flight == 64 ? mainWithPipes() : List.of()))
                .toList();
    }

    private static List<Target> mainWithPipes() {
        return List.of(
                Target.atLeast(STARTS, Peer.CLONE.label(), 0.9),
                Target.atLeast(STARTS, Peer.JDK.label(), 5),
                Target.atLeast(STARTS, Peer.NUPROCESS.label(), 1.5));
    }

    private List<Row> program() {
        List<Contestant> contestants = Stream.of(Peer.BROOD, Peer.CLONE, Peer.SPAWN, Peer.JDK)
                .map(peer -> starts(peer, "/bin/true", 64))
                .toList();
        return List.of(new Row("/bin/true, 64 in flight", FIGURES, contestants));
    }

    private List<Row> descriptors() {
        List<Row> rows = new ArrayList<>();
        rows.add(among(Peer.BROOD, 10_000, 0, 0.9));
        rows.add(among(Peer.BROOD, 10_000, 3, 0.85));
        rows.add(among(Peer.BROOD, 1_000, 0, 0.9));
        rows.add(among(Peer.BROOD, 1_000, 3, 0.85));
        for (Peer peer : List.of(Peer.CLONE, Peer.SPAWN, Peer.JDK, Peer.NUPROCESS)) {
            rows.add(among(peer, 10_000, 3, 0));
        }
        return rows;
    }

    private Row among(Peer peer, int others, int pipes, double bound) {
        String title = "%s, %,d others open to none, %d pipes".formatted(peer.label(), others, pipes);
        String[] settings =
                settings(programs.child("noop"), 64, peer.smallShare(count()), "others=" + others, "pipes=" + pipes);
        Contestant among = programs.at(peer, "starts", settings).named("%,d others".formatted(others));
        Contestant alone =
                starts(peer, programs.child("noop"), 64, "pipes=" + pipes).named("none");
        List<Target> targets = bound > 0 ? List.of(Target.atLeast(STARTS, "none", bound)) : List.of();
        return new Row(title, FIGURES, List.of(among, alone), targets);
    }

    private List<Row> heap() {
        return List.of(inHeaps(Peer.BROOD, Target.atLeast(STARTS, "64 MiB", NO_FASTER_THAN)), inHeaps(Peer.JDK));
    }

    private Row inHeaps(Peer peer, Target... targets) {
        List<Contestant> contestants = List.of(inHeap(peer, "8g", "8 GiB"), inHeap(peer, "64m", "64 MiB"));
        return new Row(peer.label() + ", a heap of 8 GiB to one of 64 MiB", FIGURES, contestants, targets);
    }

    private Contestant inHeap(Peer peer, String size, String name) {
        List<String> options = List.of("-Xms" + size, "-Xmx" + size, "-XX:+AlwaysPreTouch");
        String[] settings = settings(programs.child("noop"), 64, peer.share(count()));
        return programs.at(peer, options, "starts", settings).named(name);
    }

    private List<Contestant> all(List<Peer> peers, int flight, String setting) {
        return peers.stream()
                .map(peer -> starts(peer, programs.child("noop"), flight, setting))
                .toList();
    }

    private Contestant starts(Peer peer, String program, int flight, String... more) {
        int count = flight == 1 ? peer.smallShare(count()) : peer.share(count());
        return programs.at(peer, "starts", settings(program, flight, count, more));
    }

    private int count() {
        return scale.of(2_000, 1_000);
    }

    private static String[] settings(String program, int flight, int count, String... more) {
        Stream<String> usual = Stream.of("program=" + program, "count=" + Math.max(flight, count), "flight=" + flight);
        return Stream.concat(usual, Arrays.stream(more)).toArray(String[]::new);
    }
}
