package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That a loop around us can be ended: where a key has ended the command, we die of it too (issue 24, 15). The timeout only bounds a hang. */
@Contract("T16")
@Timeout(120)
class DyingTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run --",
                "run --deadline 1h --",
                "run --tee copy --",
                "init -s --",
                "each -q -a items --",
            })
    void loopInAScriptEndsWithCtrlC(String line) throws Exception {
        Files.writeString(folder.resolve("items"), "item\n");
        String script = "for i in 1 2; do $brood " + line
                + " bash -c 'echo up > /dev/tty; exec sleep 1000'; echo went on; done";
        try (Screen screen = Screen.of(folder, script)) {
            screen.await("up");

            screen.type(Screen.CTRL_C);

            assertThat(screen.rest()).doesNotContain("went on");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run --", "run --deadline 1h --", "init -s --"})
    void loopAtAPromptEndsWithCtrlC(String line) throws Exception {
        try (Screen screen = Screen.interactive(folder)) {
            screen.await("$ ");
            screen.type("for i in 1 2; do $brood " + line
                    + " sh -c 'echo u\"\"p; exec sleep 1000'; echo went o\"\"n; done\n");
            screen.await("up");

            screen.type(Screen.CTRL_C);
            screen.type("echo the e\"\"nd; exit\n");

            assertThat(screen.rest()).contains("the end").doesNotContain("went on");
        }
    }

    @Test
    void makeEndsWithCtrlC() throws Exception {
        Files.writeString(
                folder.resolve("Makefile"),
                "all:\n\t-$$brood run --deadline 1h -- sh -c 'echo u\"\"p; exec sleep 1000'\n\t@echo went on\n");
        try (Screen screen = Screen.of(folder, "make -s")) {
            screen.await("up");

            screen.type(Screen.CTRL_C);

            assertThat(screen.rest()).doesNotContain("went on");
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "QUIT, 131", "TERM, exit 143"})
    void diesOfAKeyAloneAndWithoutACore(String signal, String status) throws Exception {
        String script = "ulimit -c unlimited; \"$@\" sh -c 'kill -" + signal + " $$'; echo $?";
        List<String> line = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        line.addAll(Program.initLine());
        line.addAll(List.of("run", "--"));
        Process shell = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();

        try (BufferedReader out = shell.inputReader()) {
            assertThat(out.lines()).containsExactly(status.replace("exit ", ""));
        }
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().contains("hs_err"))).isEmpty();
        }
    }
}
