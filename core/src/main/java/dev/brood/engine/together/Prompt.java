package dev.brood.engine.together;

import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.ReadyWhen;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Looks for a text in what arrives, in whatever pieces, until it was there; and passes everything on. */
final class Prompt implements OutputHandler {
    private final ReadyWhen.Text text;
    private final Runnable seen;
    private final byte[] wanted;
    private byte[] tail = {}; // of what has arrived: less than the text
    private boolean found;

    Prompt(ReadyWhen.Text text, Runnable seen) {
        this.text = text;
        this.seen = seen;
        this.wanted = text.text().toArray();
    }

    @Override
    public void data(Output output, ByteBuffer bytes) {
        if (!found) {
            look(bytes.duplicate());
        }
        text.passedOn().data(output, bytes);
    }

    @Override
    public void end(Output output, boolean complete) {
        text.passedOn().end(output, complete);
    }

    private void look(ByteBuffer bytes) {
        byte[] all = Arrays.copyOf(tail, tail.length + bytes.remaining());
        bytes.get(all, tail.length, bytes.remaining());
        found = isIn(all);
        tail = Arrays.copyOfRange(all, Math.max(0, all.length - wanted.length + 1), all.length);
        if (found) {
            seen.run();
        }
    }

    private boolean isIn(byte[] all) {
        for (int at = 0; at + wanted.length <= all.length; at++) {
            if (Arrays.equals(all, at, at + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }
}
