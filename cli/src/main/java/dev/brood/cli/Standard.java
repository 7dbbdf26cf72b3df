package dev.brood.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * One of our own two streams to write to. Where it takes no more, that is said once, and what still comes is dropped: nobody else is held up or
 * ended by it. Only a pipe that nobody reads is told to whoever writes.
 */
final class Standard extends OutputStream {
    static final Standard OUT = new Standard(1, FileDescriptor.out, System.out.charset());

    /** Where children's error output goes, and what we were asked to say. */
    static final Standard ERR = new Standard(2, FileDescriptor.err, System.err.charset());

    private final int number;
    private final OutputStream stream; // never closed: it is the process's own
    private final Charset charset;
    private boolean known; // whether it was open; guarded by this
    private volatile @Nullable IOException failure;

    /** There is nobody at the other end: EPIPE. */
    static final class NobodyReads extends IOException {
        private static final long serialVersionUID = 1L;

        NobodyReads(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private Standard(int number, FileDescriptor descriptor, Charset charset) {
        this.number = number;
        this.stream = new FileOutputStream(descriptor);
        this.charset = charset;
    }

    /** Standard error again, for what may be lost: {@link #isCut} of {@link #ERR} knows nothing of it. */
    static Standard aside() {
        return new Standard(2, FileDescriptor.err, System.err.charset());
    }

    /** Whether something that was written is lost, but for want of a reader. */
    boolean isCut() {
        return failure != null;
    }

    /** Says a sentence of ours, on a line of its own. */
    void say(String sentence) {
        print("brood: " + Shown.text(sentence) + System.lineSeparator());
    }

    /** Writes a text of ours. */
    void print(String text) {
        print(text, charset);
    }

    void print(String text, Charset encoding) {
        try {
            write(text.getBytes(encoding));
        } catch (IOException nobodyReads) {
            // then nobody misses it
        }
    }

    @Override
    public void write(int one) throws NobodyReads {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws NobodyReads {
        if (!isCut() && !isClosed()) {
            try {
                stream.write(bytes, offset, length);
            } catch (IOException refused) {
                if (isBrokenPipe(refused)) {
                    throw new NobodyReads(refused);
                }
                fail(refused);
            }
        }
    }

    /** What the launcher has put in the place of a closed one would take everything. */
    private synchronized boolean isClosed() {
        if (!known && Found.isClosed(number)) {
            fail(new IOException("Bad file descriptor"));
        }
        known = true;
        return isCut();
    }

    private synchronized void fail(IOException reason) {
        if (!isCut()) {
            failure = reason;
            if (number != 2) {
                ERR.say("the standard output is cut: " + reason.getMessage());
            }
        }
    }

    /** The JDK tells errno by strerror(3) alone, in the language of the locale: as a pipe without a reader gets it. */
    private static boolean isBrokenPipe(IOException refused) {
        return brokenPipe().equals(refused.getMessage());
    }

    private static String brokenPipe() {
        try {
            Pipe pipe = Pipe.open();
            pipe.source().close();
            try (Pipe.SinkChannel sink = pipe.sink()) {
                return refusal(sink);
            }
        } catch (IOException noDescriptors) {
            return "Broken pipe";
        }
    }

    private static String refusal(Pipe.SinkChannel sink) {
        try {
            int _ = sink.write(ByteBuffer.allocate(1));
            return "";
        } catch (IOException broken) {
            return String.valueOf(broken.getMessage());
        }
    }
}
