package dev.brood.bench;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Stdio;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One measured program about streams: {@code SUBJECT FLOOD BYTES CHILDREN} prints MiB a second that so many children write at once, each so many
 * bytes. The same is done first, uncounted, to warm up. {@code idle TALKER CHILDREN} prints how many bytes of heap a child costs that has a pipe
 * and does nothing, after a line has come from each.
 */
public final class Traffic {
    private Traffic() {}

    /**
     * Measures.
     *
     * @param arguments callbacks, streams (both of the library), jdk, or idle; the child program; bytes a child; how many children
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String program = arguments[1];
        long bytes = Long.parseLong(arguments[2]);
        int children = Integer.parseInt(arguments[3]);
        double figure = switch (arguments[0]) {
            case "callbacks" -> twice(Traffic::callbacks, program, bytes, children);
            case "streams" -> twice(Traffic::streams, program, bytes, children);
            case "jdk" -> twice(Traffic::jdk, program, bytes, children);
            case "idle" -> idle(program, children);
            default -> throw new IllegalArgumentException(String.join(" ", arguments));
        };
        System.out.printf(Locale.ROOT, "%.1f%n", figure);
    }

    private interface Work {
        /** {@return how many bytes came} */
        long run(String program, long bytes, int children) throws IOException, InterruptedException;
    }

    private static double twice(Work work, String program, long bytes, int children)
            throws IOException, InterruptedException {
        work.run(program, bytes, children);
        long begin = System.nanoTime();
        long came = work.run(program, bytes, children);
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (came != bytes * children) {
            throw new IllegalStateException(came + " bytes in place of " + bytes * children);
        }
        return came / seconds / 1024 / 1024;
    }

    private static long callbacks(String program, long bytes, int children) throws IOException, InterruptedException {
        AtomicLong sum = new AtomicLong();
        try (Brood brood = Brood.open()) {
            CountDownLatch left = new CountDownLatch(children);
            for (int i = 0; i < children; i++) {
                spawn(brood, program, Long.toString(bytes)).read(new OutputHandler() {
                    @Override
                    public void data(Output output, ByteBuffer chunk) {
                        sum.setPlain(sum.getPlain() + chunk.remaining());
                    }

                    @Override
                    public void end(Output output, boolean complete) {
                        left.countDown();
                    }
                });
            }
            left.await();
        }
        return sum.get();
    }

    private static long streams(String program, long bytes, int children) throws IOException {
        try (Brood brood = Brood.open()) {
            List<InputStream> streams = new ArrayList<>();
            for (int i = 0; i < children; i++) {
                streams.add(spawn(brood, program, Long.toString(bytes)).stream());
            }
            return readAll(streams);
        }
    }

    private static long jdk(String program, long bytes, int children) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program, Long.toString(bytes))
                .redirectInput(Redirect.INHERIT)
                .redirectError(Redirect.INHERIT);
        List<InputStream> streams = new ArrayList<>();
        for (int i = 0; i < children; i++) {
            streams.add(builder.start().getInputStream());
        }
        return readAll(streams);
    }

    /** A virtual thread each. */
    private static long readAll(List<InputStream> streams) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Long>> sums = streams.stream()
                    .map(stream -> CompletableFuture.supplyAsync(() -> read(stream), threads))
                    .toList();
            return sums.stream().mapToLong(CompletableFuture::join).sum();
        }
    }

    private static long read(InputStream stream) {
        try (stream) {
            return stream.transferTo(OutputStream.nullOutputStream());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static double idle(String program, int children) throws IOException, InterruptedException {
        try (Brood brood = Brood.builder().closing(Closing.stop(Duration.ZERO)).build()) {
            CountDownLatch lines = new CountDownLatch(children);
            List<Child> kept = new ArrayList<>(children);
            long before = used();
            for (int i = 0; i < children; i++) {
                Child child = brood.spawn(
                        Command.of(program, "line").stdin(Stdio.devNull()).stdout(Stdio.pipe()));
                child.stdout().read((output, bytes) -> lines.countDown());
                kept.add(child);
            }
            lines.await();
            double each = (double) (used() - before) / children;
            if (kept.size() != brood.active()) {
                throw new IllegalStateException("some have ended");
            }
            return each;
        }
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static Output spawn(Brood brood, String... words) throws IOException {
        return brood.spawn(Command.of(List.of(words)).stdin(Stdio.devNull()).stdout(Stdio.pipe()))
                .stdout();
    }
}
