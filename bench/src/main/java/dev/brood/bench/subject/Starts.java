package dev.brood.bench.subject;

import dev.brood.bench.subject.Way.Starter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/** So many starts, so many in flight: by one thread or by several, with the output thrown away, read, or collected. */
final class Starts {
    private static final Executor OTHERS = task -> Thread.ofPlatform().start(task);

    private final List<Way> ways = new ArrayList<>(); // one a thread
    private final List<Starter> starters = new ArrayList<>();
    private final int count;
    private final int flight;
    private final LongAdder came = new LongAdder();

    private Starts(Way way, Settings settings, int count, int flight) {
        int threads = settings.number("threads", 1);
        this.count = count / threads;
        this.flight = flight / threads;
        ways.add(way);
        for (int other = 1; other < threads; other++) {
            ways.add(way.another());
        }
    }

    /** Starts a second. */
    static Piece plain(Way way, Settings settings) {
        Starts starts = new Starts(way, settings, settings.number("count", 1), settings.number("flight", 1));
        List<String> words = List.of(settings.program());
        starts.ways.forEach(each -> starts.starters.add(each.starter(words, settings.piped())));
        return starts::perSecond;
    }

    /** Short outputs a second. */
    static Piece collecting(Way way, Settings settings) {
        Starts starts = new Starts(way, settings, settings.number("count", 1), settings.number("flight", 1));
        starts.starters.add(way.collector(flooding(settings), starts.came::add));
        return () -> {
            String figures = starts.perSecond();
            starts.require(settings.bytes());
            return figures;
        };
    }

    /** MiB a second that all children together write. */
    static Piece reading(Way way, Settings settings) {
        int children = settings.number("children", 1);
        Starts starts = new Starts(way, settings, children, children);
        starts.starters.add(way.reader(flooding(settings), starts.came::add));
        return () -> {
            Stamp begin = Stamp.now();
            starts.runAll();
            String figures = begin.rate(children * settings.bytes());
            starts.require(settings.bytes());
            return figures;
        };
    }

    /** MiB a second that a child reads. */
    static Piece writing(Way way, Settings settings) {
        Starts starts = new Starts(way, settings, 1, 1);
        starts.starters.add(way.writer(List.of(settings.program(), "read"), settings.bytes()));
        return () -> {
            Stamp begin = Stamp.now();
            starts.runAll();
            return begin.rate(settings.bytes());
        };
    }

    private static List<String> flooding(Settings settings) {
        return List.of(settings.program(), Long.toString(settings.bytes()));
    }

    private void require(long each) {
        long all = came.sumThenReset();
        if (all != each * count) {
            throw new IllegalStateException(all + " bytes in place of " + each * count);
        }
    }

    private String perSecond() throws IOException, InterruptedException {
        Stamp begin = Stamp.now();
        runAll();
        return begin.starts((long) count * ways.size());
    }

    private void runAll() throws IOException, InterruptedException {
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int other = 1; other < ways.size(); other++) {
            int which = other;
            running.add(CompletableFuture.runAsync(() -> runQuietly(which), OTHERS));
        }
        run(0);
        running.forEach(CompletableFuture::join);
    }

    private void runQuietly(int which) {
        try {
            run(which);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private void run(int which) throws IOException, InterruptedException {
        Way way = ways.get(which);
        Starter starter = starters.get(which);
        Semaphore free = new Semaphore(flight);
        for (int i = 0; i < count; i++) {
            way.take(free, 1);
            starter.start(free::release);
        }
        way.take(free, flight);
    }
}
