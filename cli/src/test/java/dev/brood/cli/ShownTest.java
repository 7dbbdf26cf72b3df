package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What messages show of names (issue 24, 20). */
class ShownTest {
    @Test
    void controlsAreWrittenOut() {
        shows("plain \u00e9 \u2705 \\|", "plain \u00e9 \u2705 \\|");
        shows("a\033[31mb", "a\\x1b[31mb");
        shows("a\nb\tc\rd\0\177", "a\\nb\\tc\\rd\\x00\\x7f");
        shows("\u009b31m \u202egpj.exe\u2028", "\\u009b31m \\u202egpj.exe\\u2028");
    }

    @Test
    void bytesThatAreNoTextAreWrittenOut() {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        name.writeBytes(new byte[] {'a', (byte) 0xff, (byte) 0xc3, (byte) 0xa9, (byte) 0xc3, 'b', (byte) 0xe2});

        assertThat(Shown.bytes(name.toByteArray())).isEqualTo("a\\xff\u00e9\\xc3b\\xe2");
    }

    @Test
    void longOnesAreCutBetweenCharacters() {
        byte[] name = "\u00e9".repeat(150).getBytes(StandardCharsets.UTF_8);
        byte[] odd = ("a" + "\u00e9".repeat(150)).getBytes(StandardCharsets.UTF_8);

        assertThat(Shown.bytes(name)).isEqualTo("\u00e9".repeat(100) + "... (300 bytes)");
        assertThat(Shown.bytes(odd)).isEqualTo("a" + "\u00e9".repeat(99) + "... (301 bytes)");
        assertThat(Shown.bytes(new byte[0])).isEqualTo("(empty)");
    }

    private static void shows(String text, String shown) {
        assertThat(Shown.text(text)).isEqualTo(shown);
        assertThat(Shown.bytes(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(shown);
    }
}
