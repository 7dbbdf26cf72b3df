package dev.brood.bench.subject;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Signal;
import dev.brood.Stdio;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;

/** Brood's blocking streams, a virtual thread each. */
final class BroodStreams implements Way {
    private final Brood brood =
            Brood.builder().closing(Closing.stop(Duration.ZERO)).build();
    private final StreamReaders readers = new StreamReaders();

    @Override
    public Starter starter(List<String> words, boolean piped) {
        throw Way.cannot("is about streams");
    }

    @Override
    public Starter reader(List<String> words, LongConsumer came) {
        Command command = Command.of(words).stdin(Stdio.devNull()).stdout(Stdio.pipe());
        return ended -> {
            Child child = brood.spawn(command, (gone, exit) -> {});
            readers.skip(child.stdout().stream(), came, ended);
            return () -> child.signal(Signal.KILL);
        };
    }

    @Override
    public Starter collector(List<String> words, LongConsumer came) {
        return reader(words, came);
    }

    @Override
    public Starter writer(List<String> words, long bytes) {
        Command command = Command.of(words).stdin(Stdio.pipe());
        return ended -> {
            Child child = brood.spawn(command, (gone, exit) -> ended.run());
            readers.give(child.stdin().stream(), bytes);
            return () -> child.signal(Signal.KILL);
        };
    }

    @Override
    public void close() {
        brood.close();
        readers.close();
    }
}
