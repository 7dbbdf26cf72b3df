package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.testing.Contract;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Arrays of C strings keep every byte. */
class CStringsTest {
    @Test
    @Contract("S04")
    void everyByteButNulIsKept() {
        byte[] all = new byte[255];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i + 1);
        }
        List<byte[]> strings = List.of(all, new byte[0], Text.bytes("A=\u00ff"), all);

        assertThat(roundTrip(strings)).containsExactlyElementsOf(strings);
    }

    @Test
    void noStringIsAnEmptyArray() {
        assertThat(roundTrip(List.of())).isEmpty();
    }

    @Test
    void thousandsAreKeptInOrder() {
        List<byte[]> strings = IntStream.range(0, 10_000)
                .mapToObj(i -> Text.bytes("x".repeat(i % 100) + i))
                .toList();

        assertThat(roundTrip(strings)).containsExactlyElementsOf(strings);
    }

    @Test
    void theyAreCopiedWhenMade() {
        byte[] string = Text.bytes("before");
        CStrings copy = new CStrings(List.of(string));

        System.arraycopy(Text.bytes("after!"), 0, string, 0, string.length);

        assertThat(Text.texts(read(copy))).containsExactly("before");
    }

    @Test
    void whatOthersHaveIsNotCopied() {
        CStrings others = new CStrings(List.of(Text.bytes("a"), Text.bytes("b"), Text.bytes("c")));

        CStrings mixed = new CStrings(
                List.of(Text.bytes("c"), Text.bytes("new"), Text.bytes("a")), others, new int[] {2, -1, 0});

        assertThat(Text.texts(read(mixed))).containsExactly("c", "new", "a");
        assertThat(Text.texts(read(others))).containsExactly("a", "b", "c");
    }

    @Test
    void oneEndsWithNul() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = CStrings.one(arena, Text.bytes("a\u00e9"));

            assertThat(one.toArray(ValueLayout.JAVA_BYTE)).containsExactly('a', 0xe9, 0);
        }
    }

    private static List<byte[]> roundTrip(List<byte[]> strings) {
        return read(new CStrings(strings));
    }

    private static List<byte[]> read(CStrings strings) {
        try {
            return CStrings.read(MemorySegment.ofAddress(strings.address()));
        } finally {
            Reference.reachabilityFence(strings);
        }
    }
}
