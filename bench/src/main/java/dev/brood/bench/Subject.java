package dev.brood.bench;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Signal;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.spawn.Spawner;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
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
 * One measured program: {@code SUBJECT starts PROGRAM COUNT IN_FLIGHT [DESCRIPTORS PIPES LIVE]} prints starts a second, with so many descriptors open
 * besides, pipes a child and children that live on; {@code SUBJECT delay PROGRAM COUNT LIVE} the median time from a kill to the callback, in
 * microseconds. The same work is done first, uncounted, to warm up.
 */
public final class Subject {
    private static final int WARM_UP = 8_000;
    private static final int STARTS_WARM_UP = 20_000; // until the compilers have finished, which shows on two cores
    private static final Duration FOREVER = Duration.ofDays(1);

    private Subject() {}

    /**
     * Measures.
     *
     * @param arguments brood (loop on a thread of its own), driven (loop on this thread), posix (the same by posix_spawn) or jdk; starts or delay;
     *     the child program; how many; how many at once
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String program = arguments[2];
        int count = Integer.parseInt(arguments[3]);
        int atOnce = Integer.parseInt(arguments[4]);
        double figure = switch (arguments[0] + " " + arguments[1]) {
            case "brood starts" -> broodStarts(program, count, atOnce);
            case "jdk starts" -> jdkStarts(program, count, atOnce);
            case "brood delay" -> broodDelay(program, count, atOnce);
            case "driven starts" -> drivenStarts(Spawner.standard(), count, atOnce, Crowd.of(arguments));
            case "posix starts" -> drivenStarts(Spawner.posixSpawn(), count, atOnce, Crowd.of(arguments));
            case "driven delay" -> drivenDelay(program, count, atOnce);
            default -> throw new IllegalArgumentException(String.join(" ", arguments));
        };
        System.out.printf(Locale.ROOT, "%.1f%n", figure);
    }

    private static double broodStarts(String program, int count, int inFlight)
            throws IOException, InterruptedException {
        try (Brood brood = Brood.open()) {
            Command command = Command.of(program);
            broodStarts(brood, command, STARTS_WARM_UP, inFlight);
            return broodStarts(brood, command, count, inFlight);
        }
    }

    private static double broodStarts(Brood brood, Command command, int count, int inFlight)
            throws IOException, InterruptedException {
        Semaphore free = new Semaphore(inFlight);
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            free.acquire();
            brood.spawn(command, (child, exit) -> free.release());
        }
        free.acquire(inFlight);
        return count / seconds(begin);
    }

    /** What there is besides. */
    private record Crowd(String program, int descriptors, int pipes, int live) {
        static Crowd of(String... arguments) {
            return new Crowd(arguments[2], number(arguments, 5), number(arguments, 6), number(arguments, 7));
        }

        Command measured() {
            Command command = Command.of(program);
            for (int number = 1; number <= pipes; number++) {
                command = command.fd(number, Stdio.collect(1));
            }
            return command;
        }

        private static int number(String[] arguments, int index) {
            return arguments.length > index ? Integer.parseInt(arguments[index]) : 0;
        }
    }

    /** Start and loop on one thread, as the C program does it; what else is there comes after the first starts. */
    private static double drivenStarts(Spawner spawner, int count, int inFlight, Crowd crowd) throws IOException {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Brood.builder()
                        .loop(loop)
                        .spawner(spawner)
                        .closing(Closing.stop(Duration.ZERO))
                        .build()) {
            drivenStarts(brood, crowd.measured(), STARTS_WARM_UP, inFlight);
            List<FileChannel> others = new ArrayList<>();
            for (int i = 0; i < crowd.descriptors(); i++) {
                others.add(FileChannel.open(Path.of("/dev/null")));
            }
            for (int i = 0; i < crowd.live(); i++) {
                Child _ = brood.spawn(Command.of(crowd.program(), "wait"));
            }
            double figure = drivenStarts(brood, crowd.measured(), count, inFlight);
            for (FileChannel other : others) {
                other.close();
            }
            return figure;
        }
    }

    private static double drivenStarts(Brood brood, Command command, int count, int inFlight) throws IOException {
        int besides = brood.active();
        long begin = System.nanoTime();
        for (int started = 0; started < count || brood.active() > besides; ) {
            while (started < count && brood.active() < besides + inFlight) {
                brood.spawn(command, (child, exit) -> {});
                started++;
            }
            brood.loop().runOnce(FOREVER);
        }
        return count / seconds(begin);
    }

    private static double drivenDelay(String program, int count, int live) throws IOException {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Brood.builder().loop(loop).build()) {
            Command command = Command.of(program, "wait");
            Child[] children = new Child[live];
            long[] told = new long[1];
            for (int i = 0; i < live; i++) {
                children[i] = brood.spawn(command, (child, exit) -> told[0] = System.nanoTime());
            }
            double[] times = new double[count];
            for (int i = -WARM_UP; i < count; i++) {
                int which = Math.floorMod(i, live);
                told[0] = 0;
                long begin = System.nanoTime();
                children[which].signal(Signal.KILL);
                while (told[0] == 0) {
                    loop.runOnce(FOREVER);
                }
                times[Math.max(0, i)] = (told[0] - begin) / 1e3;
                children[which] = brood.spawn(command, (child, exit) -> told[0] = System.nanoTime());
                LockSupport.parkNanos(500_000);
            }
            brood.close(Closing.stop(Duration.ZERO));
            Arrays.sort(times);
            return times[count / 2];
        }
    }

    private static double jdkStarts(String program, int count, int inFlight) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(program)
                .redirectInput(Redirect.INHERIT)
                .redirectOutput(Redirect.INHERIT)
                .redirectError(Redirect.INHERIT);
        jdkStarts(builder, WARM_UP / 8, inFlight);
        return jdkStarts(builder, count, inFlight);
    }

    private static double jdkStarts(ProcessBuilder builder, int count, int inFlight)
            throws IOException, InterruptedException {
        Semaphore free = new Semaphore(inFlight);
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            free.acquire();
            CompletableFuture<Void> _ = builder.start().onExit().thenRun(free::release);
        }
        free.acquire(inFlight);
        return count / seconds(begin);
    }

    private static double broodDelay(String program, int count, int live) throws IOException, InterruptedException {
        try (Brood brood = Brood.open()) {
            Command command = Command.of(program, "wait");
            Child[] children = new Child[live];
            long[] told = new long[1];
            Semaphore ended = new Semaphore(0);
            for (int i = 0; i < live; i++) {
                children[i] = waiting(brood, command, told, ended);
            }
            double[] times = new double[count];
            for (int i = -WARM_UP; i < count; i++) {
                int which = Math.floorMod(i, live);
                long begin = System.nanoTime();
                children[which].signal(Signal.KILL);
                ended.acquire();
                times[Math.max(0, i)] = (told[0] - begin) / 1e3;
                children[which] = waiting(brood, command, told, ended);
                LockSupport.parkNanos(500_000);
            }
            for (Child child : children) {
                child.signal(Signal.KILL);
            }
            Arrays.sort(times);
            return times[count / 2];
        }
    }

    private static Child waiting(Brood brood, Command command, long[] told, Semaphore ended) throws IOException {
        return brood.spawn(command, (child, exit) -> {
            told[0] = System.nanoTime();
            ended.release();
        });
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
