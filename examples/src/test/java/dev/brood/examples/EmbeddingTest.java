package dev.brood.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Command;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of a context on somebody else's loop, or beside somebody else's threads. */
@Timeout(60)
class EmbeddingTest {
    @Test
    void agentHearsItsChildrenOnItsOwnThread() throws Exception {
        String text = Printed.by(() -> DutyCycle.main(new String[] {"exit 3", "kill $$"}));

        assertThat(text.lines())
                .containsExactlyInAnyOrder(
                        "keeper: exit 3: exited with error status 3", "keeper: kill $$: was killed by signal TERM");
    }

    @Test
    void everyVirtualThreadGetsTheExitOfItsChild() throws Exception {
        String text = Printed.by(() -> VirtualThreads.main(new String[] {"200"}));

        assertThat(text.lines()).containsExactly("200 of 200 exit codes are right");
    }

    @Test
    void fluxEndsAnEndlessChildByCancelling() throws Exception {
        String text = Printed.by(() -> Reactive.main(new String[] {"7"}));

        assertThat(text.lines()).containsExactly("7", "14", "21", "and then: was killed by signal PIPE");
    }

    @Test
    void selectorAnswersEveryClientWithAllThatItsChildWrites() throws Exception {
        List<Future<String>> got = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
                SelectorServer server = new SelectorServer(0, Command.of("seq", "500000"))) {
            SocketAddress address = server.address();
            for (int i = 0; i < 4; i++) {
                got.add(clients.submit(() -> everythingFrom(address)));
            }
            server.serve(4);
        }

        String all = IntStream.rangeClosed(1, 500_000)
                .mapToObj(number -> number + "\n")
                .collect(Collectors.joining());
        for (Future<String> one : got) {
            assertThat(one.get().equals(all)).as("every byte, in order").isTrue();
        }
    }

    @Test
    void verticleAnswersFromItsEventLoop() throws Exception {
        String text = Printed.by(() -> VertxVerticle.main(new String[] {"exit 3", "kill $$"}));

        assertThat(text.lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("vert.x-eventloop-thread-"))
                .anyMatch(line -> line.endsWith(": exited with error status 3"))
                .anyMatch(line -> line.endsWith(": was killed by signal TERM"));
    }

    private static String everythingFrom(SocketAddress server) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server);
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
