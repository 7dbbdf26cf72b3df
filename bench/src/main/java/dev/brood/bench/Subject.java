package dev.brood.bench;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Ladder;
import dev.brood.Signal;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.spawn.Spawner;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * A measured program: it warms up, and then measures a piece of work for each line that it reads, and prints the figure. So two of them take
 * turns, and whatever else the machine does meets both.
 *
 * <p>{@code SUBJECT starts PROGRAM COUNT IN_FLIGHT [DESCRIPTORS PIPES LIVE]}: starts a second, with so many descriptors open besides, pipes a
 * child and children that live on. {@code SUBJECT delay PROGRAM COUNT LIVE}: the median time from a kill to the callback, in microseconds.
 * {@code brood closing PROGRAM COUNT GRACE}: how many milliseconds beyond the grace it takes to close over children that ignore the first signal.
 */
public final class Subject {
    private static final int WARM_UP = 8_000;
    private static final int STARTS_WARM_UP = 20_000; // until the compilers have finished, which shows on two cores
    private static final int JDK_WARM_UP = 1_000;
    private static final long PAUSE = 500_000; // nanoseconds, in which whatever a start has left to do is done
    private static final Duration FOREVER = Duration.ofDays(1);

    private final String program;
    private final int count;
    private final int atOnce;
    private final int descriptors;
    private final int pipes;
    private final int live;

    /** Some work, and how it is done once. */
    @FunctionalInterface
    private interface Piece {
        double measure() throws IOException, InterruptedException;
    }

    private Subject(String... arguments) {
        this.program = arguments[2];
        this.count = Integer.parseInt(arguments[3]);
        this.atOnce = Integer.parseInt(arguments[4]);
        this.descriptors = number(arguments, 5);
        this.pipes = number(arguments, 6);
        this.live = number(arguments, 7);
    }

    /**
     * Measures as often as it is asked to.
     *
     * @param arguments brood (loop on a thread of its own), driven (loop on this thread), posix (the same by posix_spawn) or jdk; starts, delay or closing;
     *     the child program; how many; how many at once
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Subject subject = new Subject(arguments);
        switch (arguments[0] + " " + arguments[1]) {
            case "brood starts" -> subject.broodStarts();
            case "driven starts" -> subject.drivenStarts(Spawner.standard());
            case "posix starts" -> subject.drivenStarts(Spawner.posixSpawn());
            case "jdk starts" -> subject.jdkStarts();
            case "brood delay" -> subject.broodDelay();
            case "driven delay" -> subject.drivenDelay();
            case "brood closing" -> serve(subject::closing);
            default -> throw new IllegalArgumentException(String.join(" ", arguments));
        }
    }

    private static int number(String[] arguments, int index) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : 0;
    }

    private static void serve(Piece piece) throws IOException, InterruptedException {
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        System.out.println("ready");
        while (asked.readLine() != null) {
            System.out.printf(Locale.ROOT, "%.1f%n", piece.measure());
        }
    }

    private Command measured() {
        Command command = Command.of(program);
        for (int number = 1; number <= pipes; number++) {
            command = command.fd(number, Stdio.collect(1));
        }
        return command;
    }

    private void broodStarts() throws IOException, InterruptedException {
        try (Brood brood = Brood.open()) {
            startAll(brood, STARTS_WARM_UP);
            serve(() -> startAll(brood, count));
        }
    }

    private double startAll(Brood brood, int starts) throws IOException, InterruptedException {
        Command command = measured();
        Semaphore free = new Semaphore(atOnce);
        long begin = System.nanoTime();
        for (int i = 0; i < starts; i++) {
            free.acquire();
            brood.spawn(command, (child, exit) -> free.release());
        }
        free.acquire(atOnce);
        return starts / seconds(begin);
    }

    /** Start and loop on one thread, as the C program does it; what else is there comes after the first starts. */
    private void drivenStarts(Spawner spawner) throws IOException, InterruptedException {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Brood.builder()
                        .loop(loop)
                        .spawner(spawner)
                        .closing(Closing.stop(Duration.ZERO))
                        .build()) {
            driveAll(brood, STARTS_WARM_UP);
            List<FileChannel> others = new ArrayList<>();
            for (int i = 0; i < descriptors; i++) {
                others.add(FileChannel.open(Path.of("/dev/null")));
            }
            for (int i = 0; i < live; i++) {
                Child _ = brood.spawn(waiting());
            }
            serve(() -> driveAll(brood, count));
            for (FileChannel other : others) {
                other.close();
            }
        }
    }

    private double driveAll(Brood brood, int starts) throws IOException {
        Command command = measured();
        int besides = brood.active();
        long begin = System.nanoTime();
        for (int started = 0; started < starts || brood.active() > besides; ) {
            while (started < starts && brood.active() < besides + atOnce) {
                brood.spawn(command, (child, exit) -> {});
                started++;
            }
            brood.loop().runOnce(FOREVER);
        }
        return starts / seconds(begin);
    }

    private void jdkStarts() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(program)
                .redirectInput(Redirect.INHERIT)
                .redirectOutput(Redirect.INHERIT)
                .redirectError(Redirect.INHERIT);
        jdkStarts(builder, JDK_WARM_UP);
        serve(() -> jdkStarts(builder, count));
    }

    private double jdkStarts(ProcessBuilder builder, int starts) throws IOException, InterruptedException {
        Semaphore free = new Semaphore(atOnce);
        long begin = System.nanoTime();
        for (int i = 0; i < starts; i++) {
            free.acquire();
            CompletableFuture<Void> _ = builder.start().onExit().thenRun(free::release);
        }
        free.acquire(atOnce);
        return starts / seconds(begin);
    }

    private Command waiting() {
        return Command.of(program, "wait");
    }

    private void drivenDelay() throws IOException, InterruptedException {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Brood.builder()
                        .loop(loop)
                        .closing(Closing.stop(Duration.ZERO))
                        .build()) {
            Delays delays = new Delays(brood, () -> loop.runOnce(FOREVER));
            delays.measure(WARM_UP);
            serve(() -> delays.measure(count));
        }
    }

    private void broodDelay() throws IOException, InterruptedException {
        try (Brood brood = Brood.builder().closing(Closing.stop(Duration.ZERO)).build()) {
            Delays delays = new Delays(brood, LockSupport::park);
            delays.measure(WARM_UP);
            serve(() -> delays.measure(count));
        }
    }

    private double closing() throws IOException {
        Brood brood = Brood.open();
        for (int i = 0; i < count; i++) {
            Child _ = brood.spawn(waiting());
        }
        Duration grace = Duration.ofMillis(atOnce);
        long begin = System.nanoTime();
        brood.close(Closing.stop(Ladder.begin(Signal.CONT, grace)));
        return (System.nanoTime() - begin - grace.toNanos()) / 1e6;
    }

    /** Children that wait to be killed, one after the other. */
    private final class Delays {
        private final Brood brood;
        private final Runnable untilTold;
        private final Thread waiter = Thread.currentThread();
        private final Child[] children = new Child[atOnce];
        private volatile long told;

        Delays(Brood brood, Runnable untilTold) throws IOException {
            this.brood = brood;
            this.untilTold = untilTold;
            for (int i = 0; i < atOnce; i++) {
                children[i] = start();
            }
        }

        double measure(int times) throws IOException {
            double[] delays = new double[times];
            for (int i = 0; i < times; i++) {
                int which = i % atOnce;
                told = 0;
                long begin = System.nanoTime();
                children[which].signal(Signal.KILL);
                while (told == 0) {
                    untilTold.run();
                }
                delays[i] = (told - begin) / 1e3;
                children[which] = start();
                LockSupport.parkNanos(PAUSE);
            }
            Arrays.sort(delays);
            return delays[times / 2];
        }

        private Child start() throws IOException {
            return brood.spawn(waiting(), (child, exit) -> {
                told = System.nanoTime();
                LockSupport.unpark(waiter);
            });
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
