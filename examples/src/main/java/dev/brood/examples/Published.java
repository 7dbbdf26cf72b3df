package dev.brood.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Stdio;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A child's output as a publisher: an endless one is held back, and ended when nobody wants more. */
public final class Published {
    private Published() {}

    /**
     * Takes a few lines of a child that never stops by itself.
     *
     * @param arguments how many lines
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        long wanted = arguments.length == 0 ? 3 : Long.parseLong(arguments[0]);
        try (Brood brood = Brood.open()) {
            Child endless = brood.spawn(Command.of("yes", "another").stdout(Stdio.pipe()));
            First first = new First(wanted);

            endless.stdout().lines(UTF_8).subscribe(first);

            first.done.join();
            System.out.println("and then: " + endless.await().status().describe());
        }
    }

    /** Prints so many lines, then cancels. */
    private static final class First implements Flow.Subscriber<String> {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private long left;
        private Flow.@Nullable Subscription subscription;

        First(long wanted) {
            this.left = wanted;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(left);
        }

        @Override
        public void onNext(String line) {
            System.out.println(line);
            left--;
            if (left == 0 && subscription != null) {
                subscription.cancel();
                done.complete(null);
            }
        }

        @Override
        public void onError(Throwable failure) {
            done.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            done.complete(null);
        }
    }
}
