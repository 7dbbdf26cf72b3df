package dev.brood.bench;

import static dev.brood.bench.Figure.OUTPUTS;
import static dev.brood.bench.Figure.OWN_CODE;
import static dev.brood.bench.Figure.PROCESSOR;
import static dev.brood.bench.Figure.RATE;
import static dev.brood.bench.Figure.WRITTEN;

import java.util.List;
import java.util.stream.Stream;

/** What children write and read: parts about streams. */
final class Streaming {
    private static final int MEBI = 1 << 20;

    private final Programs programs;
    private final Scale scale;

    Streaming(Programs programs, Scale scale) {
        this.programs = programs;
        this.scale = scale;
    }

    List<Part> parts() {
        return List.of(
                new Part("bytes", "what children write in bulk", this::bytes),
                new Part("input", "what a child is given in bulk", this::input),
                new Part("collect", "short outputs, kept", this::collect));
    }

    private List<Row> bytes() {
        Row one = bytes(
                1,
                (long) scale.of(1024, 256) * MEBI,
                "pipe=" + MEBI, // as large as Brood makes a busy one
                Target.atLeast(RATE, Peer.CLONE.label(), 0.95),
                Target.atLeast(RATE, Peer.JDK.label(), 2.5));
        return List.of(one, bytes(200, 4L * MEBI, "pipe=0"));
    }

    private Row bytes(int children, long each, String pipe, Target... targets) {
        Stream<Peer> peers = Stream.of(
                Peer.BROOD, Peer.BROOD_STREAMS, Peer.CLONE, Peer.LIBUV, Peer.JDK, Peer.NUPROCESS, Peer.COMMONS);
        List<Contestant> contestants = peers.map(
                        peer -> programs.at(peer, "bytes", flood(), "bytes=" + each, "children=" + children, pipe))
                .toList();
        String title = children == 1 ? "one child" : children + " children";
        return new Row(title, List.of(RATE), contestants, targets);
    }

    private List<Row> input() {
        long each = (long) scale.of(1024, 256) * MEBI;
        List<Contestant> contestants = Stream.of(Peer.BROOD_STREAMS, Peer.JDK)
                .map(peer -> programs.at(peer, "input", flood(), "bytes=" + each))
                .toList();
        Target target = Target.atLeast(WRITTEN, Peer.JDK.label(), 1.3);
        return List.of(new Row("one child, 64 KiB a write", List.of(WRITTEN), contestants, target));
    }

    private List<Row> collect() {
        List<Peer> some = List.of(Peer.BROOD, Peer.CLONE, Peer.LIBUV, Peer.JDK, Peer.NUPROCESS);
        List<Peer> more = scale.quick() ? List.of() : List.of(Peer.BROOD_THREAD, Peer.COMMONS);
        int count = scale.of(10_000, 1_000);
        List<Contestant> contestants = Stream.concat(some.stream(), more.stream())
                .map(peer -> collect(peer, count))
                .toList();
        String title = "%,d outputs of 64 bytes, 64 in flight".formatted(count);
        return List.of(new Row(title, List.of(OUTPUTS, PROCESSOR, OWN_CODE), contestants));
    }

    private Contestant collect(Peer peer, int count) {
        return programs.at(peer, "collect", flood(), "bytes=64", "count=" + peer.share(count), "flight=64");
    }

    private String flood() {
        return "program=" + programs.child("flood");
    }
}
