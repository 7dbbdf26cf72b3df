package dev.brood.bench;

import static dev.brood.bench.Figure.CLOSED;
import static dev.brood.bench.Figure.CLOSING;
import static dev.brood.bench.Figure.DESCRIPTORS;
import static dev.brood.bench.Figure.END;
import static dev.brood.bench.Figure.END_PROCESSOR;
import static dev.brood.bench.Figure.HEAP;
import static dev.brood.bench.Figure.LONGEST;
import static dev.brood.bench.Figure.MEDIAN;
import static dev.brood.bench.Figure.P99;
import static dev.brood.bench.Figure.RESIDENT;
import static dev.brood.bench.Figure.THREADS;
import static dev.brood.bench.Figure.WALKS;

import java.util.List;
import java.util.stream.Stream;

/** What children cost that live, and how their ends are told: parts about both. */
final class Living {
    private static final List<Figure> DELAY = List.of(MEDIAN, P99, LONGEST);
    private static final List<Figure> ENDS = List.of(END, END_PROCESSOR);
    private static final List<Figure> MEMORY = List.of(HEAP, RESIDENT, DESCRIPTORS, THREADS);
    private static final int MOST = 10_000;
    private static final int FEW_PIPED = 1_000; // a start by the JDK closes what is open, one by one
    private static final int EACH = 4; // descriptors of a child with three pipes
    private static final int BESIDES = 1_000; // descriptors for all else

    private final Programs programs;
    private final Scale scale;
    private final int mostPiped;

    /**
     * Makes its parts.
     *
     * @param descriptors how many a process may have open
     */
    Living(Programs programs, Scale scale, long descriptors) {
        this.programs = programs;
        this.scale = scale;
        this.mostPiped = (int) Math.min(MOST, (descriptors - BESIDES) / EACH);
    }

    List<Part> parts() {
        return List.of(
                new Part("delay", "from a death to the callback", this::delay),
                new Part("kill", "many that are killed at once", this::kill),
                new Part("closing", "closing over many, and whoever is with them", this::closing),
                new Part("memory", "what a live child costs", this::memory));
    }

    private List<Row> delay() {
        Stream<Row> among = Stream.of(1, 100, 2_000, MOST).map(this::delayAmong);
        Stream<Row> grown = Stream.of(Peer.BROOD, Peer.CLONE).map(this::delayGrown);
        return Stream.concat(among, grown).toList();
    }

    private Row delayAmong(int live) {
        List<Contestant> contestants = heard(live).stream()
                .filter(peer -> live < MOST || peer != Peer.NUPROCESS) // polls them all
                .map(peer -> delay(peer, live))
                .toList();
        Row row = new Row(
                "%,d live".formatted(live),
                DELAY,
                contestants,
                Target.atMost(MEDIAN, Peer.CLONE.label(), 1.25),
                Target.atMost(P99, Peer.CLONE.label(), 2));
        return sized(live, row);
    }

    private static Row sized(int live, Row row) {
        return live < MOST ? row : row.apart();
    }

    private List<Peer> heard(int live) {
        List<Peer> some = List.of(Peer.BROOD, Peer.CLONE, Peer.LIBUV, Peer.JDK, Peer.NUPROCESS);
        List<Peer> more = List.of(Peer.BROOD_THREAD, Peer.JDK_VIRTUAL);
        return scale.quick() || live > 1
                ? some
                : Stream.concat(some.stream(), more.stream()).toList();
    }

    private Row delayGrown(Peer peer) {
        String many = "%,d live".formatted(MOST);
        Target target = Target.atMost(MEDIAN, "1 live", 1.15);
        return new Row(
                peer.label() + ", " + many + " to 1 live",
                DELAY,
                List.of(delay(peer, MOST).named(many), delay(peer, 1).named("1 live")),
                peer == Peer.BROOD ? List.of(target) : List.of());
    }

    private Contestant delay(Peer peer, int live) {
        int count = peer.share(scale.of(400, 200));
        int warm = peer.isJava() ? peer.share(scale.of(20_000, 2_000)) : 0;
        return programs.at(peer, "delay", noop(), "count=" + count, "live=" + live, "warm=" + warm);
    }

    private List<Row> kill() {
        Contestant many = killed(Peer.BROOD, MOST, 0).named("10,000");
        Row grown = new Row(
                "Brood, 10,000 to 100",
                ENDS,
                List.of(many, killed(Peer.BROOD, 100, 0).named("100")),
                Target.atMost(END, "100", 1.2));
        Stream<Row> plain = Stream.of(1_000, 100, MOST)
                .map(count ->
                        sized(count, new Row("%,d at once".formatted(count), ENDS, killed(among(count), count, 0))));
        Row piped = new Row(
                "%,d at once, three pipes".formatted(FEW_PIPED),
                ENDS,
                killed(List.of(Peer.BROOD, Peer.CLONE, Peer.JDK), FEW_PIPED, 3),
                Target.atMost(END, Peer.JDK.label(), 0.05));
        Row manyPiped = new Row(
                "%,d at once, three pipes".formatted(mostPiped),
                ENDS,
                killed(List.of(Peer.BROOD, Peer.CLONE), mostPiped, 3));
        return Stream.concat(Stream.of(grown, piped, manyPiped), plain).toList();
    }

    /** The JDK takes too long to start that many. */
    private static List<Peer> among(int count) {
        List<Peer> quick = List.of(Peer.BROOD, Peer.CLONE, Peer.LIBUV);
        return count == MOST
                ? quick
                : Stream.concat(quick.stream(), Stream.of(Peer.JDK)).toList();
    }

    private List<Contestant> killed(List<Peer> peers, int count, int pipes) {
        return peers.stream().map(peer -> killed(peer, count, pipes)).toList();
    }

    private Contestant killed(Peer peer, int count, int pipes) {
        return programs.at(peer, "kill", noop(), "count=" + count, "pipes=" + pipes);
    }

    private List<Row> closing() {
        int count = scale.of(5_000, 1_000);
        Contestant closing = programs.at(Peer.BROOD_THREAD, "closing", noop(), "count=" + count, "grace=500");
        Row ignoring =
                new Row("over %,d that ignore the first signal".formatted(count), List.of(CLOSING), List.of(closing));
        Stream<Row> reaching =
                Stream.of(1_000, 100).flatMap(some -> Stream.of(reaching("TREE", some), reaching("GROUP", some)));
        return Stream.concat(Stream.of(ignoring), reaching).toList();
    }

    private Row reaching(String reach, int count) {
        return new Row(
                        "over %,d that sleep, %s to CHILD".formatted(count, reach),
                        List.of(CLOSED, WALKS),
                        List.of(reached(reach, count), reached("CHILD", count)),
                        Target.atMost(CLOSED, "CHILD", 2))
                .apart();
    }

    private Contestant reached(String reach, int count) {
        return programs.at(Peer.BROOD_THREAD, "reaching", noop(), "count=" + count, "reach=" + reach)
                .named(reach);
    }

    private List<Row> memory() {
        return List.of(memory("three pipes", 3, 1_228.8), memory("no pipes", 0, 400));
    }

    private Row memory(String title, int pipes, double bound) {
        List<Peer> peers = List.of(
                Peer.BROOD, Peer.BROOD_THREAD, Peer.JDK, Peer.NUPROCESS); // commons-exec has two threads a child
        List<Contestant> contestants =
                peers.stream().map(peer -> memory(peer, pipes)).toList();
        return new Row(title, MEMORY, contestants, Target.atMost(HEAP, bound), Target.atMost(THREADS, 1)).apart();
    }

    private Contestant memory(Peer peer, int pipes) {
        int count = peer.share(Math.min(scale.of(4_000, 1_000), pipes == 0 ? MOST : mostPiped));
        return programs.at(peer, "memory", noop(), "count=" + count, "pipes=" + pipes);
    }

    private String noop() {
        return "program=" + programs.child("noop");
    }
}
