package dev.brood.promise.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Exited;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import dev.brood.testing.Shell;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a child writes, as a publisher. */
class PublisherTest {
    private Brood brood;

    @BeforeEach
    void open() {
        brood = Brood.open();
    }

    @AfterEach
    void close() {
        brood.close(Closing.stop(Duration.ZERO));
    }

    @Test
    @Contract({"I05", "I03"})
    void everyByteArrivesAndThenTheEnd() {
        Child child = spawn("yes | head -c 3000000");
        Taker<ByteBuffer> taker = new Taker<>(Long.MAX_VALUE);

        child.stdout().publisher().subscribe(taker);

        taker.ended.join();
        assertThat(taker.items.stream().mapToInt(ByteBuffer::remaining).sum()).isEqualTo(3_000_000);
        assertThat(child.closed().join().status()).isEqualTo(new Exited(0));
    }

    @Test
    @Contract({"I04", "I05"})
    void childIsHeldBackWhileNothingIsRequested() throws Exception {
        Child child = spawn("yes | head -c 3000000");
        Taker<ByteBuffer> taker = new Taker<>(2);
        child.stdout().publisher().subscribe(taker);
        taker.full.await();

        assertThat(child.await(Duration.ofMillis(200))).isEmpty();

        assertThat(taker.items).hasSize(2);
        taker.request(Long.MAX_VALUE);
        taker.ended.join();
        assertThat(taker.items.stream().mapToInt(ByteBuffer::remaining).sum()).isEqualTo(3_000_000);
    }

    @Test
    @Contract("I05")
    void linesComeOneForEachRequested() throws Exception {
        Child child = spawn("seq 100000");
        Taker<String> taker = new Taker<>(3);

        child.stdout().lines(UTF_8).subscribe(taker);

        taker.full.await();
        assertThat(taker.items).containsExactly("1", "2", "3");
        taker.request(Long.MAX_VALUE);
        taker.ended.join();
        assertThat(taker.items).hasSize(100_000).endsWith("100000");
    }

    @Test
    @Contract({"I02", "I03"})
    void cutOffIsAnError() {
        Child child = spawn("exec sleep 1000");
        Taker<ByteBuffer> taker = new Taker<>(1);
        child.stdout().publisher().subscribe(taker);

        brood.close(Closing.stop(Duration.ZERO));

        assertThat(taker.ended.handle((end, thrown) -> "over").join()).isEqualTo("over");
    }

    @Test
    @Contract("I04")
    void subscriberThatThrowsIsADisasterAndTheChildGetsSigpipe() throws Exception {
        Child child = spawn("exec yes");

        child.stdout().publisher().subscribe(new Taker<>(Long.MAX_VALUE) {
            @Override
            public void onNext(ByteBuffer bytes) {
                throw new IllegalArgumentException("thrown by the test");
            }
        });

        assertThat(child.await().status()).isEqualTo(new Signaled(Signal.PIPE, false));
    }

    @Test
    @Contract("I05")
    void secondSubscriberGetsAnError() {
        Child child = spawn("echo text");
        Flow.Publisher<ByteBuffer> publisher = child.stdout().publisher();
        Taker<ByteBuffer> first = new Taker<>(Long.MAX_VALUE);
        Taker<ByteBuffer> second = new Taker<>(Long.MAX_VALUE);

        publisher.subscribe(first);
        publisher.subscribe(second);

        first.ended.join();
        assertThat(second.ended).isCompletedExceptionally();
        assertThat(first.items).hasSize(1);
    }

    private Child spawn(String script) {
        try {
            return brood.spawn(Shell.script(script)
                    .stdin(Stdio.devNull())
                    .stdout(Stdio.pipe())
                    .stderr(Stdio.devNull()));
        } catch (SpawnException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Takes so many at first. */
    private static class Taker<T> implements Flow.Subscriber<T> {
        final List<T> items = new ArrayList<>();
        final CompletableFuture<Void> ended = new CompletableFuture<>();
        final CountDownLatch full;
        private final long first;
        private volatile Flow.@Nullable Subscription subscription;

        Taker(long first) {
            this.first = first;
            this.full = new CountDownLatch((int) Math.min(first, Integer.MAX_VALUE));
        }

        void request(long more) {
            Flow.Subscription from = subscription;
            if (from != null) {
                from.request(more);
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription from) {
            subscription = from;
            from.request(first);
        }

        @Override
        public void onNext(T item) {
            items.add(item);
            full.countDown();
        }

        @Override
        public void onError(Throwable failure) {
            ended.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            ended.complete(null);
        }
    }
}
