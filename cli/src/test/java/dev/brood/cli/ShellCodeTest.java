package dev.brood.cli;

import static dev.brood.cli.Program.brood;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file is called is not run (issue 24, 19). */
@Timeout(60)
class ShellCodeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sh|-c|convert {} {}.png",
                "/bin/bash|-c|echo '{}'",
                "dash|-ec|echo {}",
                "zsh|-f|-c|echo {}",
                "bash|-o|pipefail|-c|echo {}",
                "bash|-euo|pipefail|-c|echo {}",
                "bash|--norc|-c|--|echo {}",
                "env|A=1|nice|sh|-c|echo {}|sh|{}",
            })
    void placeInsideAScriptIsRefused(String words) {
        assertThatThrownBy(() -> ShellCode.refuse(line(words)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"$1\"")
                .hasMessageContaining("--unsafe");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sh|-c|convert \"$1\"|sh|{}",
                "sh|-c|{}",
                "sh|script {}",
                "sh|-e|script|-c|echo {}",
                "sh",
                "sh|-c",
                "bash|-o|pipefail",
                "convert|{}|{}.png",
            })
    void everythingElseIsNot(String words) {
        assertThatCode(() -> ShellCode.refuse(line(words))).doesNotThrowAnyException();
    }

    @Test
    void nameThatIsCodeIsNotRunUnlessItIsMeantSo(@TempDir Path folder) throws Exception {
        Path run = folder.resolve("run");
        byte[] items = ("x; echo > " + run + "\n").getBytes(StandardCharsets.UTF_8);

        Program.Result refused = brood(items, "each", "--", "sh", "-c", "echo {}.png");
        Program.Result safe = brood(items, "each", "-q", "--", "sh", "-c", "echo \"$1.png\"", "sh", "{}");

        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).startsWith("brood: {} in a script of sh").hasLineCount(1);
        assertThat(safe.out()).isEqualTo("x; echo > " + run + ".png\n");
        assertThat(run).doesNotExist();
        assertThat(brood(items, "each", "--unsafe", "-q", "--", "sh", "-c", "echo {}")
                        .out())
                .isEqualTo("x\n");
        assertThat(run).exists();
    }

    private static List<byte[]> line(String words) {
        return Arrays.stream(words.split("\\|", -1))
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
