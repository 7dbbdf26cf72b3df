package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.brood.spawn.Bytes;
import dev.brood.spawn.Environment;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher's words, as text. */
class FoundTest {
    private static final String NOTHING = "blocked=0 ignored=0 closed= files=256:20000 taken= open=";

    @Test
    void signalsAndLimitsAreRead() {
        Found found = Found.parse("blocked=8000000000000200 ignored=1 closed= files=256:-1 taken= open=", bytes());

        assertThat(found.blocked()).isEqualTo(1L << 63 | 1 << 9);
        assertThat(found.ignored()).isEqualTo(1);
        assertThat(found.files()).contains(new Found.Limit(256, -1));
    }

    @Test
    void limitThatTheJvmDoesNotRaiseIsNone() {
        assertThat(Found.parse("blocked=0 ignored=0 closed= taken= open=", bytes())
                        .files())
                .isEmpty();
    }

    @Test
    void descriptorsAreNumbersAndRanges() {
        Found found = Found.parse("blocked=0 ignored=0 closed=02 taken= open=3-5,63", bytes());

        assertThat(found.closed()).containsExactly(0, 2);
        assertThat(found.open()).containsExactly(3, 4, 5, 63);
        assertThat(Found.parse(NOTHING, bytes()).open()).isEmpty();
    }

    @Test
    void variablesThatWereHiddenAreShownInTheirPlaces() {
        Found found = Found.parse(
                "blocked=0 ignored=0 closed= taken=1J,3_,5J open=",
                bytes(
                        "A=1",
                        "%AVA_TOOL_OPTIONS=-x",
                        "%AVA_TOOL_OPTIONS=mine",
                        "%JAVA_OPTIONS=-y",
                        "no equals",
                        "%AVA_TOOL_OPTIONS=",
                        "A=2",
                        "_JAVA_SR_SIGNUM=16",
                        "BROOD_FOUND=x"));

        assertThat(texts(found.environment()))
                .containsExactly(
                        "A=1",
                        "JAVA_TOOL_OPTIONS=-x",
                        "%AVA_TOOL_OPTIONS=mine",
                        "_JAVA_OPTIONS=-y",
                        "no equals",
                        "JAVA_TOOL_OPTIONS=",
                        "A=2");
    }

    @Test
    void environmentOfAScriptIsWhole() {
        String block = "B=1\0B=2\0\0\u00ff=\u00fe\0";
        String base64 = Base64.getEncoder().encodeToString(block.getBytes(StandardCharsets.ISO_8859_1));

        Found found = Found.parse("blocked=0 ignored=0 closed= open= environ=" + base64, bytes("B=1", "PWD=/"));

        assertThat(texts(found.environment())).containsExactly("B=1", "B=2", "", "\u00ff=\u00fe");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "blocked=0",
                "blocked=x ignored=0",
                "blocked=0 ignored=0 files=1",
                "blocked=0 ignored=0 open=3-",
                "blocked=0 ignored=0 taken=0J",
                "blocked=0 ignored=0 taken=7J",
                "blocked=0 ignored=0 environ=%",
            })
    void otherWordsAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Found.parse(text, bytes("JAVA=1")))
                .withMessageStartingWith("BROOD_FOUND is not the launcher's: ");
    }

    private static List<Bytes> bytes(String... texts) {
        return Stream.of(texts)
                .map(text -> Bytes.of(text.getBytes(StandardCharsets.ISO_8859_1)))
                .toList();
    }

    private static List<String> texts(Environment environment) {
        return environment.entries().stream()
                .map(entry -> new String(entry.toArray(), StandardCharsets.ISO_8859_1))
                .toList();
    }
}
