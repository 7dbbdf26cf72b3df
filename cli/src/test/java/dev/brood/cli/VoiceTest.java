package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** That a signal which comes at the very end changes no status. The timeout only bounds a hang. */
@Timeout(60)
class VoiceTest {
    @RepeatedTest(10)
    void interruptThatNobodyWaitedForIsNoFailureOfOurs() throws Exception {
        List<String> line = Program.initLine();
        line.addAll(List.of("each", "--", "sh", "-c", "echo up >&2; exec sleep 1000"));
        Process each = new ProcessBuilder(line).start();
        try (BufferedReader err = each.errorReader()) {
            each.getOutputStream().write("1\n".getBytes(StandardCharsets.US_ASCII));
            each.getOutputStream().close();
            assertThat(err.readLine()).isEqualTo("up");

            assertThat(new ProcessBuilder("kill", "-TERM", Long.toString(each.pid()))
                            .start()
                            .waitFor())
                    .isZero();

            assertThat(err.lines()).noneMatch(one -> one.contains("Interrupted"));
            assertThat(each.waitFor()).isEqualTo(143);
        }
    }
}
