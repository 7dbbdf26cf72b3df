package dev.brood.stdio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.brood.testing.Contract;
import dev.brood.testing.ScarceCharset;
import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines out of bytes that are cut anywhere. */
class LineDecoderTest {
    private static final String[] PIECES = {"a", "ü", "漢", "😀", "\n", "\r", "\r\n", "", " "};

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "GB18030", "ISO-2022-JP", "Shift_JIS"})
    @Contract("I05")
    void linesAreTheSameHoweverTheBytesAreCut(String name) {
        Charset charset = Charset.forName(name);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = text(random).getBytes(charset);
            String text = new String(bytes, charset);

            List<String> lines = decode(bytes, charset, random);

            assertThat(lines).as("seed %d, round %d", seed, round).isEqualTo(reference(text));
        }
    }

    @Test
    @Contract("I05")
    void brokenBytesBecomeReplacements() {
        byte[] bytes = {'a', (byte) 0xff, 'b', '\n', (byte) 0xc3};

        List<String> lines = decode(bytes, StandardCharsets.UTF_8, new Random(1));

        assertThat(lines).containsExactly("a\ufffdb", "\ufffd");
    }

    @Test
    @Contract({"I04", "I05"})
    void endlessLineComesInParts() {
        byte[] bytes = "x".repeat(2_500_000).getBytes(StandardCharsets.US_ASCII);

        List<String> lines = decode(bytes, StandardCharsets.US_ASCII, new Random(1));

        assertThat(lines).extracting(String::length).containsExactly(1_000_000, 1_000_000, 500_000);
    }

    @Test
    @Contract("I05")
    void lineThatJustFillsAPartIsOne() {
        byte[] bytes = ("x".repeat(1_000_000) + "\r\nrest").getBytes(StandardCharsets.US_ASCII);

        List<String> lines = decode(bytes, StandardCharsets.US_ASCII, new Random(1));

        assertThat(lines).extracting(String::length).containsExactly(1_000_000, 4);
    }

    @Test
    @Contract({"C10", "I05"})
    void whoeverThrowsGetsTheOtherLinesOnceAndHisFailuresAtLast() {
        List<String> lines = new ArrayList<>();
        LineDecoder decoder = new LineDecoder(StandardCharsets.UTF_8);
        Consumer<String> fussy = line -> {
            lines.add(line);
            if (line.length() == 2) {
                throw new IllegalArgumentException(line);
            }
        };

        Throwable first = catchThrowable(() -> decoder.data(bytes("a\nbb\r\nc\ndd\nee\nf\nrest"), fussy));
        Throwable last = catchThrowable(() -> decoder.end(fussy));

        assertThat(lines).containsExactly("a", "bb", "c", "dd", "ee", "f", "rest");
        assertThat(first).isInstanceOf(IllegalArgumentException.class).hasMessage("bb");
        assertThat(first.getSuppressed()).extracting(Throwable::getMessage).containsExactly("dd", "ee");
        assertThat(last).isNull();
        assertThat(decoder.isBroken()).isFalse();
    }

    @Test
    @Contract("C10")
    void failureThatIsThrownAgainAndAgainIsThrownOnce() {
        IllegalStateException same = new IllegalStateException("thrown by the test");
        LineDecoder decoder = new LineDecoder(StandardCharsets.UTF_8);

        Throwable thrown = catchThrowable(() -> decoder.data(bytes("a\nb\nc\n"), line -> {
            throw same;
        }));

        assertThat(thrown).isSameAs(same);
        assertThat(thrown.getSuppressed()).isEmpty();
    }

    @Test
    @Contract("C10")
    void countlessFailuresAreCounted() {
        LineDecoder decoder = new LineDecoder(StandardCharsets.UTF_8);

        Throwable thrown = catchThrowable(() -> decoder.data(bytes("x\n".repeat(1001)), line -> {
            throw new IllegalStateException(line);
        }));

        assertThat(thrown.getSuppressed()).hasSize(101);
        assertThat(thrown.getSuppressed()[100]).hasMessage("900 more failures");
    }

    @Test
    @Contract("I14")
    void decoderThatFailsItselfMakesNoFurtherLines() {
        List<String> lines = new ArrayList<>();
        LineDecoder decoder = new LineDecoder(new ScarceCharset());
        decoder.data(bytes("a\nbegun"), lines::add);

        Throwable thrown = catchThrowable(() -> decoder.data(bytes("b\n!c\n"), lines::add));
        decoder.data(bytes("d\n"), lines::add);
        decoder.end(lines::add);

        assertThat(thrown).isInstanceOf(OutOfMemoryError.class);
        assertThat(decoder.isBroken()).isTrue();
        assertThat(lines).containsExactly("a");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> decode(byte[] bytes, Charset charset, Random random) {
        List<String> lines = new ArrayList<>();
        LineDecoder decoder = new LineDecoder(charset);
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, random.nextInt(bytes.length > 10_000 ? 70_000 : 8));
            decoder.data(ByteBuffer.wrap(bytes, at, length), lines::add);
            at += length;
        }
        decoder.end(lines::add);
        return lines;
    }

    private static List<String> reference(String text) {
        return new BufferedReader(new StringReader(text)).lines().toList();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }
}
