package dev.brood.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Stdio;
import java.io.IOException;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;

/** A child's output as a Flux of Reactor: demand goes back to the child, which waits, and a cancel ends its pipe. */
public final class Reactive {
    private Reactive() {}

    /**
     * Takes some multiples out of an endless count.
     *
     * @param arguments multiples of what
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int factor = arguments.length == 0 ? 7 : Integer.parseInt(arguments[0]);
        try (Brood brood = Brood.open()) {
            Child counting = brood.spawn(Command.of("seq", "inf").stdout(Stdio.pipe()));
            Flux<String> lines =
                    JdkFlowAdapter.flowPublisherToFlux(counting.stdout().lines(UTF_8));

            lines.map(Integer::parseInt)
                    .filter(number -> number % factor == 0)
                    .take(3)
                    .doOnNext(System.out::println)
                    .blockLast();

            System.out.println("and then: " + counting.await().status().describe());
        }
    }
}
