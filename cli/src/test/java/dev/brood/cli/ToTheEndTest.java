package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Stdio;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The last of what a child writes. */
@Timeout(60)
class ToTheEndTest {
    @Test
    void whatAClosedChildWroteIsThereWhenTheEndIsTold() throws Exception {
        try (Brood brood = Brood.open()) {
            Command command = Command.of("sh", "-c", "echo out; echo err >&2; exit 3");
            Child child = brood.spawn(command.stdout(Stdio.pipe()).stderr(Stdio.pipe()));
            child.closed().join();
            StringBuilder written = new StringBuilder();

            int status = ToTheEnd.read(child, (_, bytes) -> written.append(StandardCharsets.US_ASCII.decode(bytes)))
                    .join()
                    .status()
                    .shellCode();

            assertThat(status).isEqualTo(3);
            assertThat(written.toString().lines()).containsExactlyInAnyOrder("out", "err");
        }
    }
}
