package dev.brood.stdio;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.function.Consumer;

/**
 * Makes lines of bytes that come in pieces: characters and line ends may be split anywhere. A line ends with LF, CR or CR LF; the last one
 * needs no end. For one thread at a time.
 *
 * <p>Whoever takes the lines gets each once, whatever he throws: that comes at last, the first of it with the others suppressed. Where the decoder
 * itself fails, it is broken, and makes no lines any more.
 */
public final class LineDecoder {
    private static final int LIMIT = 1_000_000; // characters of a line, more come as a line of their own
    private static final int LONGEST_CHARACTER = 16; // bytes, with a charset's shifts

    private final CharsetDecoder decoder;
    private final ByteBuffer split = ByteBuffer.allocate(LONGEST_CHARACTER); // the beginning of a character
    private final CharBuffer chars = CharBuffer.allocate(4096);
    private StringBuilder line = new StringBuilder();
    private boolean afterReturn; // a line feed right here belongs to the line before
    private boolean afterPart; // a line end right here ends what has been handed on
    private boolean broken;

    /** Decodes with the charset's replacement for what it does not know. */
    public LineDecoder(Charset charset) {
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
    }

    /** Takes all of {@code bytes}, and hands on the lines that are whole. */
    public void data(ByteBuffer bytes, Consumer<String> lines) {
        handOn(lines, each -> take(bytes, each));
    }

    /** Hands on the rest. */
    public void end(Consumer<String> lines) {
        handOn(lines, this::takeRest);
    }

    /** {@return whether it has failed} What was not handed on by then is lost. */
    public boolean isBroken() {
        return broken;
    }

    private void handOn(Consumer<String> lines, Consumer<Consumer<String>> decoding) {
        if (broken) {
            return;
        }
        EachInTurn<String> each = new EachInTurn<>(lines);
        try {
            decoding.accept(each);
        } catch (Throwable failure) {
            broken = true;
            line = new StringBuilder(0);
            throw failure;
        }
        each.rethrow();
    }

    private void take(ByteBuffer bytes, Consumer<String> lines) {
        while (split.position() > 0 && bytes.hasRemaining()) {
            split.put(bytes.get());
            decode(split.flip(), false, lines);
            split.compact();
        }
        decode(bytes, false, lines);
        split.put(bytes);
    }

    private void takeRest(Consumer<String> lines) {
        decode(split.flip(), true, lines);
        decoder.flush(chars);
        split(lines);
        if (!line.isEmpty()) {
            emit(lines);
        }
    }

    private void decode(ByteBuffer bytes, boolean atEnd, Consumer<String> lines) {
        CoderResult result;
        do {
            result = decoder.decode(bytes, chars, atEnd);
            split(lines);
        } while (result.isOverflow());
    }

    private void split(Consumer<String> lines) {
        chars.flip();
        while (chars.hasRemaining()) {
            add(chars.get(), lines);
        }
        chars.clear();
    }

    private void add(char next, Consumer<String> lines) {
        boolean secondHalf = afterReturn && next == '\n';
        afterReturn = next == '\r';
        if (secondHalf) {
            return;
        }
        if (next == '\n' || next == '\r') {
            endLine(lines);
            return;
        }
        line.append(next);
        afterPart = line.length() >= LIMIT && !Character.isHighSurrogate(next);
        if (afterPart) {
            emit(lines);
        }
    }

    private void endLine(Consumer<String> lines) {
        if (!afterPart) {
            emit(lines);
        }
        afterPart = false;
    }

    private void emit(Consumer<String> lines) {
        String whole = line.toString();
        line.setLength(0);
        lines.accept(whole);
    }
}
