package dev.brood.bench.subject;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/** The JDK's ProcessBuilder: the end comes by {@link Process#onExit}, or to a virtual thread that waits for it. */
final class JdkWay implements Way {
    private final StreamReaders readers = new StreamReaders();
    private final ExecutorService waiters = Executors.newVirtualThreadPerTaskExecutor();
    private final boolean waiting;

    JdkWay(boolean waiting) {
        this.waiting = waiting;
    }

    @Override
    public Starter starter(List<String> words, boolean piped) {
        ProcessBuilder builder = new ProcessBuilder(words);
        if (!piped) {
            builder.inheritIO();
        }
        return ended -> {
            Process process = builder.start();
            tell(process, ended);
            return process::destroyForcibly;
        };
    }

    private void tell(Process process, Runnable ended) {
        if (waiting) {
            Future<?> _ = waiters.submit(() -> {
                process.waitFor();
                ended.run();
                return 0;
            });
        } else {
            CompletableFuture<Void> _ = process.onExit().thenRun(ended);
        }
    }

    @Override
    public Starter reader(List<String> words, LongConsumer came) {
        return reading(words, (output, ended) -> readers.skip(output, came, ended));
    }

    @Override
    public Starter collector(List<String> words, LongConsumer came) {
        return reading(words, (output, ended) -> readers.keep(output, came, ended));
    }

    @Override
    public Starter writer(List<String> words, long bytes) {
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT);
        return ended -> {
            Process process = builder.start();
            tell(process, ended);
            readers.give(process.getOutputStream(), bytes);
            return process::destroyForcibly;
        };
    }

    private static Starter reading(List<String> words, BiConsumer<InputStream, Runnable> reader) {
        return ended -> {
            Process process = start(words);
            reader.accept(process.getInputStream(), ended);
            return process::destroyForcibly;
        };
    }

    private static Process start(List<String> words) throws IOException {
        return new ProcessBuilder(words)
                .redirectInput(Redirect.INHERIT)
                .redirectError(Redirect.INHERIT)
                .start();
    }

    @Override
    public void close() {
        readers.close();
        waiters.close();
    }
}
