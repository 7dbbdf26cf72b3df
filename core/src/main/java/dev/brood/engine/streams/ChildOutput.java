package dev.brood.engine.streams;

import static java.util.Objects.requireNonNull;

import dev.brood.Disaster;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Pumping;
import dev.brood.engine.telling.Telling;
import dev.brood.engine.telling.Turns;
import dev.brood.spawn.Bytes;
import dev.brood.stdio.BlockingReader;
import dev.brood.stdio.PipeEnd;
import dev.brood.stdio.PipeReader;
import dev.brood.stdio.Pump;
import dev.brood.stdio.PumpTarget;
import dev.brood.stdio.Reading;
import dev.brood.stdio.Unread;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Our end of a pipe that a child writes to. Any thread. */
public final class ChildOutput implements Output {
    private final Streams streams;
    private final PipeEnd end;
    private final int fd;
    private @Nullable Reading view; // guarded by this, as are:
    private boolean over; // closed or given away
    private boolean told;
    private boolean paused; // on the loop

    ChildOutput(Streams streams, PipeEnd end, int fd) {
        this.streams = streams;
        this.end = end;
        this.fd = fd;
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public void read(OutputHandler handler) {
        requireNonNull(handler, "handler");
        push(new HandlerCalls(this, handler));
    }

    @Override
    public Flow.Publisher<ByteBuffer> publisher() {
        return new OutputPublisher<>(this, new Unpacking.Bytes());
    }

    @Override
    public Flow.Publisher<String> lines(Charset charset) {
        return new OutputPublisher<>(this, new Unpacking.Lines(charset));
    }

    @Override
    public InputStream stream() {
        BlockingReader reader = new BlockingReader(turns().loop(), end, turns().buffers(), this::ended);
        begin(reader, () -> {});
        return new OutputInputStream(reader);
    }

    @Override
    public BufferedReader reader(Charset charset) {
        return new BufferedReader(new InputStreamReader(stream(), charset));
    }

    @Override
    public CompletableFuture<Pumping.End> pump(int to, Pumping how) throws IOException {
        CompletableFuture<Pumping.End> told = turns().future();
        Fd target = PumpTarget.open(to);
        try {
            Pump pump = new Pump(turns().loop(), end, turns().buffers(), target, Pumps.plan(how), result -> {
                ended();
                told.complete(Pumps.end(result));
            });
            begin(pump, pump::begin);
        } catch (Throwable readAlready) { // or there is no memory
            target.close();
            throw readAlready;
        }
        return told.copy();
    }

    @Override
    public CompletableFuture<Pumping.End> pump(Path to, Pumping how) throws IOException {
        requireNonNull(to, "to");
        requireNonNull(how, "how");
        try (Fd file = Pumps.open(to)) {
            return pump(file.number(), how);
        } catch (ErrnoException refused) {
            throw new IOException(
                    title() + " cannot be written to '" + Bytes.of(to).shown() + "'", refused);
        }
    }

    @Override
    public void pause() {
        turns().onLoop(() -> flow(true));
    }

    @Override
    public void resume() {
        turns().onLoop(() -> flow(false));
    }

    @Override
    public void close() {
        turns().onLoop(this::giveUp);
    }

    @Override
    public int detach() throws IOException {
        Reading reading;
        synchronized (this) {
            over = true;
            reading = view;
        }
        if (reading != null) {
            reading.letGo();
        }
        int number = end.release().orElseThrow(() -> new IOException(title() + " has ended"));
        turns().onLoop(this::giveUp);
        return number;
    }

    /** As {@link #detach}, where nobody has begun to read. */
    public int hand() throws IOException {
        synchronized (this) {
            refuseSecond();
        }
        return detach();
    }

    /** Whether something waits to be read. */
    boolean isWaiting() {
        try {
            return end.available() > 0;
        } catch (ErrnoException unknown) {
            return false;
        }
    }

    /** The child has ended: its descriptor goes once nobody else can write, also where nobody reads. On the loop. */
    void linger() {
        if (!isTold()) {
            reading().linger();
        }
    }

    /** Nobody waits for others who may write. Who reads, or will, gets what is there. On the loop. */
    void drained() {
        if (!isTold()) {
            Reading asked = reading();
            asked.cutOff();
            Reading now = reading();
            if (!now.equals(asked)) { // somebody has begun to read meanwhile
                now.cutOff();
            }
        }
    }

    /** There are no more turns: who reads gets what is there, and the end now. On the loop. */
    void cutOff() {
        drained();
        if (isRead()) {
            giveUp();
        }
    }

    /** Has everything pushed into a sink, as the user lets it flow. */
    void push(PipeReader.Sink sink) {
        PipeReader reader = reader(sink);
        begin(reader, () -> flow(paused));
    }

    /** Has what is asked for pushed into a sink: it begins with a pause. */
    PipeReader pull(PipeReader.Sink sink) {
        PipeReader reader = reader(sink);
        begin(reader, () -> {});
        return reader;
    }

    Turns turns() {
        return streams.turns();
    }

    Telling telling() {
        return streams.telling();
    }

    public String title() {
        return streams.title(fd);
    }

    /** Something of ours that takes what it brings has failed: that is its end. On the loop. */
    void fail(Throwable why) {
        if (current() instanceof PipeReader reader) {
            reader.fail(why);
        }
    }

    /** Tells of what failed. */
    void tellBroken(Throwable why) {
        telling()
                .disaster(
                        Disaster.Kind.STREAM,
                        new IllegalStateException(title() + " could not be taken, and is cut", why));
    }

    /** It has ended, and whoever read it was told. */
    void ended() {
        if (!isOver()) {
            streams.heard(this);
        }
        if (firstTold()) {
            streams.ended(this);
        } else {
            streams.readLate(this);
        }
    }

    /** Its descriptor has gone while nobody read; where somebody has begun to meanwhile, its end is yet to come. */
    private void keptFor() {
        boolean unread;
        synchronized (this) {
            unread = view instanceof Unread && !told;
            told |= unread;
        }
        if (unread) {
            streams.ended(this);
        }
    }

    /** Whether it is an output at this end. */
    boolean isAt(@Nullable PipeEnd other) {
        return end.equals(other);
    }

    private synchronized boolean isOver() {
        return over;
    }

    private synchronized boolean isTold() {
        return told;
    }

    private synchronized boolean firstTold() {
        boolean first = !told;
        told = true;
        return first;
    }

    private PipeReader reader(PipeReader.Sink sink) {
        return new PipeReader(turns().loop(), end, turns().buffers(), sink);
    }

    private void begin(Reading reading, Runnable beginning) {
        Found found = take(reading);
        turns().onLoop(() -> {
            if (found == Found.OVER) {
                reading.close();
                return;
            }
            beginning.run();
            if (found == Found.LATE) {
                reading.linger();
            }
        });
    }

    private void flow(boolean pause) {
        paused = pause;
        if (current() instanceof PipeReader reader) {
            if (pause) {
                reader.pause();
            } else {
                reader.resume();
            }
        }
    }

    private void giveUp() {
        Reading reading = finish();
        if (reading != null) {
            reading.close();
        } else {
            end.close();
            ended();
        }
    }

    /** How a way of reading finds it: as it was, with its child ended, or closed or given away. */
    private enum Found {
        NEW,
        LATE,
        OVER
    }

    /** Chooses how it is read. */
    private synchronized Found take(Reading reading) {
        refuseSecond();
        Reading before = view;
        if (before != null) {
            before.letGo();
        }
        view = reading;
        if (over) {
            return Found.OVER;
        }
        if (told) {
            streams.readsLate(this);
        }
        return before == null ? Found.NEW : Found.LATE;
    }

    private void refuseSecond() {
        if (view != null && !(view instanceof Unread)) {
            throw new IllegalStateException(title() + " is read already");
        }
    }

    private synchronized boolean isRead() {
        return view != null && !(view instanceof Unread);
    }

    /** Who reads, or stands for that. */
    private synchronized Reading reading() {
        Reading known = view;
        if (known == null) {
            known = new Unread(turns().loop(), end, turns().buffers(), this::keptFor);
            view = known;
        }
        return known;
    }

    private synchronized @Nullable Reading finish() {
        over = true;
        return view;
    }

    private synchronized @Nullable Reading current() {
        return view;
    }
}
