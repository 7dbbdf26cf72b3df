package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file of variables says. */
class DotEnvTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '!',
            value = {
                "A=b!b",
                "A=!``",
                "A=b=c d!b=c d",
                "A=b # c!b",
                "A=b#c!b#c",
                "A=# c!``",
                "A=it's!it's",
                "A = b!b",
                "A= 'b'!b",
                "export A=b!b",
                "A='b # $c \\n'  # d!b # $c \\n",
                "A='a \"b\"'!a \"b\"",
                "A=\"b # c\" # d!b # c",
                "A=\"it's \\\"b\\\" \\\\ \\$c\"!it's \"b\" \\ $c",
                "A=\"\\d $B\"!\\d $B",
            })
    void valueIsBareOrQuoted(String line, String value) throws Exception {
        assertThat(read(line)).containsExactly(Map.entry("A", value));
    }

    @Test
    void anyLettersOfUtf8AreLetters() throws Exception {
        String letters =
                new String("\u2705 \u00c5\u0445".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

        assertThat(read("\ufeffA=\u2705 \u00c5\u0445\nB='\u2705 \u00c5\u0445'\nC=\"\u2705 \u00c5\u0445\""))
                .containsExactly(Map.entry("A", letters), Map.entry("B", letters), Map.entry("C", letters));
    }

    @Test
    void escapesInDoubleQuotesAreLineEndsAndTabs() throws Exception {
        assertThat(read("A=\"b\\nc\\td\\re\"")).containsEntry("A", "b\nc\td\re");
    }

    @Test
    void laterLineOfANameWins() throws Exception {
        assertThat(read("# both\nA=1\n\nB=2\nA=3\n")).containsExactly(Map.entry("A", "3"), Map.entry("B", "2"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '!',
            value = {
                "A=1;B!line 2 is not KEY=VALUE: B",
                "#;;1A=2!line 3 is not KEY=VALUE",
                "A B=2!line 1 is not KEY=VALUE",
                "A='b!line 1 has a quote that does not end with the value: A=...",
                "A=\"b\" c!line 1 has a quote that does not end with the value",
                "A=\"b\\\"!line 1 has a quote that does not end with the value",
            })
    void wrongLineIsNamedByItsNumber(String lines, String message) {
        assertThatThrownBy(() -> read(lines.replace(';', '\n')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private Map<String, String> read(String text) throws IOException {
        return DotEnv.read(Files.writeString(folder.resolve(".env"), text));
    }
}
