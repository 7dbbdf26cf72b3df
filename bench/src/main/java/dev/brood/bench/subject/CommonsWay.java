package dev.brood.bench.subject;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteException;
import org.apache.commons.exec.ExecuteResultHandler;
import org.apache.commons.exec.ExecuteWatchdog;
import org.apache.commons.exec.PumpStreamHandler;

/** Apache Commons Exec, which always has its pipes and a thread for each. */
final class CommonsWay implements Way {
    @Override
    public Starter starter(List<String> words, boolean piped) {
        return starter(words, OutputStream::nullOutputStream, ignored -> {});
    }

    @Override
    public Starter reader(List<String> words, LongConsumer came) {
        return starter(words, Tally::new, tally -> came.accept(tally.bytes));
    }

    @Override
    public Starter collector(List<String> words, LongConsumer came) {
        return starter(words, ByteArrayOutputStream::new, kept -> came.accept(kept.size()));
    }

    private static <T extends OutputStream> Starter starter(List<String> words, Supplier<T> target, Consumer<T> all) {
        CommandLine line = new CommandLine(words.getFirst());
        words.stream().skip(1).forEach(line::addArgument);
        return ended -> {
            T output = target.get();
            DefaultExecutor executor = DefaultExecutor.builder()
                    .setExecuteStreamHandler(new PumpStreamHandler(output))
                    .get();
            ExecuteWatchdog watchdog = ExecuteWatchdog.builder()
                    .setTimeout(ExecuteWatchdog.INFINITE_TIMEOUT_DURATION)
                    .get();
            executor.setWatchdog(watchdog);
            executor.execute(line, new Ended(() -> {
                all.accept(output);
                ended.run();
            }));
            return watchdog::destroyProcess;
        };
    }

    /** Tells the end, however it came. */
    private record Ended(Runnable ended) implements ExecuteResultHandler {
        @Override
        public void onProcessComplete(int code) {
            ended.run();
        }

        @Override
        public void onProcessFailed(ExecuteException failure) {
            ended.run();
        }
    }

    /** Counts and keeps nothing. */
    private static final class Tally extends OutputStream {
        private long bytes;

        @Override
        public void write(int value) throws IOException {
            bytes++;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            bytes += length;
        }
    }
}
