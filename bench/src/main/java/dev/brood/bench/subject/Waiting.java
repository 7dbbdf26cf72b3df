package dev.brood.bench.subject;

import dev.brood.bench.subject.Way.Live;
import dev.brood.bench.subject.Way.Starter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** Children that live until they are killed: one after the other, or all at once. */
final class Waiting {
    private static final long PAUSE = 500_000; // nanoseconds, in which whatever a start has left to do is done

    private final Way way;
    private final Starter starter;
    private final int count;
    private final List<Live> children = new ArrayList<>();
    private final Semaphore ended = new Semaphore(0);
    private volatile long told;

    Waiting(Way way, Settings settings) {
        this.way = way;
        this.count = settings.number("count", 1);
        this.starter = way.starter(List.of(settings.program(), "wait"), settings.piped());
    }

    /** Kills one after the other without a pause: with pauses it would take minutes until code is compiled. */
    void warm(int times) throws IOException, InterruptedException {
        fill(1);
        for (int i = 0; i < times; i++) {
            double _ = delay(0);
            children.set(0, start());
        }
    }

    /** From a kill to the callback: median, 99 of 100, and the longest, in microseconds. */
    String delays(int live) throws IOException, InterruptedException {
        fill(live);
        double[] delays = new double[count];
        for (int i = 0; i < count; i++) {
            delays[i] = delay(i % live);
            children.set(i % live, start());
            LockSupport.parkNanos(PAUSE);
        }
        Arrays.sort(delays);
        return Stamp.figures(delays[count / 2], delays[(int) (count * 99L / 100)], delays[count - 1]);
    }

    private double delay(int which) throws InterruptedException {
        long begin = System.nanoTime();
        children.get(which).kill();
        way.take(ended, 1);
        return (told - begin) / 1e3;
    }

    /** Microseconds an end, on the clock and of the processor, when all are killed at once. */
    String killed() throws IOException, InterruptedException {
        fill(count);
        Stamp begin = Stamp.now();
        endAll();
        return begin.ends(count);
    }

    /** Has so many children alive. */
    void fill(int live) throws IOException {
        while (children.size() < live) {
            children.add(start());
        }
    }

    /** Kills all, and waits until they have ended. */
    void endAll() throws InterruptedException {
        children.forEach(Live::kill);
        way.take(ended, children.size());
        children.clear();
    }

    private Live start() throws IOException {
        return starter.start(() -> {
            told = System.nanoTime();
            ended.release();
        });
    }
}
