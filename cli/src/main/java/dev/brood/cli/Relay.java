package dev.brood.cli;

import dev.brood.Child;
import dev.brood.Output;
import dev.brood.OutputHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what commands write, while they write it: to our own streams, and to a file beside. Where whoever reads it is slow, they are
 * held back; where nobody does, they lose their pipes.
 */
final class Relay implements OutputHandler, Printer.Listener {
    private final Job job = new Job(new byte[0]);
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final Printer printer;
    private volatile List<Output> outputs = List.of();
    private volatile boolean unwanted;
    private volatile boolean held; // by others than the commands, which have ended
    private volatile @Nullable String cut;

    Relay(Tee tee) {
        printer = new Printer(1, false, tee, new Progress(false), this);
    }

    /** Begins with all that these write to pipes of ours. */
    void begin(List<Child> children) {
        printer.start();
        printer.add(job);
        printer.end();
        outputs = children.stream().flatMap(ToTheEnd::outputs).toList();
        CompletableFuture<?>[] closed =
                children.stream().map(child -> ToTheEnd.read(child, this)).toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> _ = CompletableFuture.allOf(closed).thenRun(job::close);
    }

    /** Waits until all is passed on, or nobody wants it any more. */
    void await() {
        over.join();
    }

    /** Does not wait for what others than the commands may still write. */
    void giveUp() {
        unwanted = true;
        over.complete(null);
    }

    /** Why not everything was passed on, if that is nobody's wish. */
    Optional<String> cut() {
        return Optional.ofNullable(cut);
    }

    /** Whether some of it is left to others who hold it. */
    boolean isHeld() {
        return held;
    }

    @Override
    public void data(Output output, ByteBuffer bytes) {
        job.data(output, bytes);
    }

    @Override
    public void end(Output output, boolean complete) {
        if (!complete && !unwanted) {
            held = true;
        }
    }

    @Override
    public void nobodyReads() {
        unwanted = true;
        outputs.forEach(Output::close);
    }

    @Override
    public void cut(Job one, IOException why) {
        cut = "the output is cut: " + why.getMessage();
    }

    @Override
    public void printed() {
        over.complete(null);
    }
}
