package dev.brood.bench.subject;

import com.zaxxer.nuprocess.NuAbstractProcessHandler;
import com.zaxxer.nuprocess.NuProcess;
import com.zaxxer.nuprocess.NuProcessBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** NuProcess, which always has its three pipes. */
final class NuWay implements Way {
    @Override
    public Starter starter(List<String> words, boolean piped) {
        return reader(words, bytes -> {});
    }

    @Override
    public Starter reader(List<String> words, LongConsumer came) {
        NuProcessBuilder builder = new NuProcessBuilder(words);
        return ended -> {
            builder.setProcessListener(new Listening(came, ended));
            @Nullable NuProcess process = builder.start();
            if (process == null) {
                throw new IOException("NuProcess has started nothing");
            }
            return () -> process.destroy(true);
        };
    }

    @Override
    public Starter collector(List<String> words, LongConsumer came) {
        return reader(words, came); // whatever is kept, it has been read before
    }

    /** Counts what comes, and tells the end. */
    private static final class Listening extends NuAbstractProcessHandler {
        private final LongConsumer came;
        private final Runnable ended;

        Listening(LongConsumer came, Runnable ended) {
            this.came = came;
            this.ended = ended;
        }

        @Override
        public void onStdout(ByteBuffer buffer, boolean closed) {
            came.accept(buffer.remaining());
            buffer.position(buffer.limit());
        }

        @Override
        public void onExit(int code) {
            ended.run();
        }
    }
}
