package dev.brood.cli;

import dev.brood.Child;
import dev.brood.Exit;
import dev.brood.Output;
import dev.brood.OutputHandler;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads what a child writes, and tells when the last of it has come. {@link Child#closed} alone does not: a short child is closed before anybody
 * begins to read, and what it wrote comes after.
 */
record ToTheEnd(OutputHandler to, CompletableFuture<Void> end) implements OutputHandler {
    /** Reads all outputs of a child: completes when it has ended and nothing more comes. */
    static CompletableFuture<Exit> read(Child child, OutputHandler to) {
        List<CompletableFuture<Void>> ends =
                outputs(child).map(output -> read(output, to)).toList();
        return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                .thenCombine(child.closed(), (_, exit) -> exit);
    }

    /** {@return what a child writes to pipes of ours, or to a terminal} */
    static Stream<Output> outputs(Child child) {
        return IntStream.of(1, 2).mapToObj(child::output).flatMap(Optional::stream);
    }

    private static CompletableFuture<Void> read(Output output, OutputHandler to) {
        ToTheEnd reading = new ToTheEnd(to, new CompletableFuture<>());
        output.read(reading);
        return reading.end;
    }

    @Override
    public void data(Output output, ByteBuffer bytes) {
        to.data(output, bytes);
    }

    @Override
    public void end(Output output, boolean complete) {
        to.end(output, complete);
        end.complete(null);
    }
}
