package dev.brood.promise.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Disaster;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Pumping;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import dev.brood.testing.ForkedJvm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/** Output where memory runs out: there is one answer, and it says what is missing. Each in a JVM of its own. */
@Contract("I14")
class ScarceMemoryTest {
    @Test
    @Contract({"I03", "I07"})
    void nineMillionBytesFitWhereTheyFitTwice() throws Exception {
        assertThat(run("-Xmx40m", "9000000")).containsExactly("9000000 bytes, complete: true", "stdout: 9000000");
    }

    @Test
    @Contract("I07")
    void fifteenMillionBytesHaveAnAnswer() throws Exception {
        assertThat(run("-Xmx48m", "15000000"))
                .first()
                .isIn("15000000 bytes, complete: true", "0 bytes, complete: false");
    }

    @Test
    @Contract({"I07", "D01"})
    void whatDoesNotFitIsCutAndToldOnceAndTheChildRunsToItsEnd() throws Exception {
        assertThat(run("-Xmx64m", "100000000"))
                .containsExactly("STREAM", "0 bytes, complete: false", "ended well", "stdout: 0", "again: 3");
    }

    @Test
    @Contract({"I05", "D01"})
    void everyViewHasAnEndWhereNoBufferCanBeHad() throws Exception {
        List<String> told = ForkedJvm.of(Views.class)
                .options("-Xmx40m", "-XX:MaxDirectMemorySize=60k")
                .run()
                .lines();

        assertThat(told)
                .containsExactly(
                        "collected, complete: false",
                        "handler: false",
                        "lines: false",
                        "publisher: java.lang.OutOfMemoryError",
                        "pump: READ_FAILED",
                        "blocking: java.lang.OutOfMemoryError",
                        "cut off: an error",
                        "disasters: [STREAM]");
    }

    private static List<String> run(String heap, String bytes) throws Exception {
        return ForkedJvm.of(Collecting.class).options(heap).run(bytes).lines();
    }

    /** Collects so many bytes. */
    static final class Collecting {
        private Collecting() {}

        public static void main(String[] arguments) throws Exception {
            int size = Integer.parseInt(arguments[0]);
            Brood.Builder builder = Brood.builder().onDisaster(disaster -> System.out.println(disaster.kind()));
            try (Brood brood = builder.build()) {
                Command command = Command.of("head", "-c", arguments[0], "/dev/zero");
                Collected all = brood.run(command.stdout(Stdio.collect(Integer.MAX_VALUE)));
                System.out.println(all.toString().replaceAll(".* ([0-9]+) and 0 bytes.*", "$1") + " bytes, complete: "
                        + all.isComplete());
                if (!all.isComplete()) {
                    System.out.println(all.status().describe());
                }
                System.out.println("stdout: " + (size > 10_000_000 && all.isComplete() ? size : all.stdout().length));
                if (!all.isComplete()) {
                    System.out.println(
                            "again: " + brood.run(Command.of("echo", "hi")).stdout().length);
                }
            }
        }
    }

    /** Reads in every way. */
    static final class Views {
        private static final Command ECHO = Command.of("echo", "text").stdout(Stdio.pipe());

        private Views() {}

        public static void main(String[] arguments) throws Exception {
            List<Disaster.Kind> kinds = new CopyOnWriteArrayList<>();
            try (Brood brood = Brood.builder()
                    .closing(Closing.stop(Duration.ZERO))
                    .onDisaster(disaster -> kinds.add(disaster.kind()))
                    .build()) {
                System.out.println("collected, complete: "
                        + brood.run(Command.of("echo", "text")).isComplete());
                System.out.println("handler: " + handled(brood.spawn(ECHO), (_, _) -> {}));
                System.out.println("lines: "
                        + handled(brood.spawn(ECHO), OutputHandler.lines(StandardCharsets.UTF_8, (_, _) -> {})));
                System.out.println("publisher: " + published(brood.spawn(ECHO)));
                System.out.println("pump: " + pumped(brood.spawn(ECHO)));
                System.out.println("blocking: " + read(brood.spawn(ECHO)));
                System.out.println("cut off: " + cutOff(brood));
            }
            System.out.println("disasters: " + kinds.stream().distinct().toList());
        }

        private static String cause(Throwable failure) {
            return Objects.requireNonNull(failure.getCause()).getClass().getName();
        }

        private static boolean handled(Child child, OutputHandler handler) {
            CompletableFuture<Boolean> end = new CompletableFuture<>();
            child.stdout().read(new OutputHandler() {
                @Override
                public void data(Output output, ByteBuffer bytes) {
                    handler.data(output, bytes);
                }

                @Override
                public void end(Output output, boolean complete) {
                    end.complete(complete);
                }
            });
            child.closed().join();
            return end.join();
        }

        private static Object published(Child child) {
            CompletableFuture<Object> end = new CompletableFuture<>();
            child.stdout().publisher().subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription from) {
                    from.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(ByteBuffer item) {}

                @Override
                public void onError(Throwable failure) {
                    end.complete(cause(failure));
                }

                @Override
                public void onComplete() {
                    end.complete("complete");
                }
            });
            child.closed().join();
            return end.join();
        }

        private static Object pumped(Child child) throws IOException {
            CompletableFuture<Pumping.End> end = child.stdout().pump(2, Pumping.newest(100));
            child.closed().join();
            return end.join().reason();
        }

        private static Object read(Child child) throws IOException {
            try {
                return child.stdout().stream().read();
            } catch (OutOfMemoryError lack) {
                child.stdout().close();
                child.closed().join();
                return lack.getClass().getName();
            }
        }

        private static Object cutOff(Brood brood) throws Exception {
            Child child = brood.spawn(Command.of("sh", "-c", "echo text; cat <&3 & exit 0")
                    .stdout(Stdio.pipe())
                    .fd(3, Stdio.pipeToChild())
                    .drain(Duration.ZERO));
            InputStream stream = child.stdout().stream();
            child.closed().join();
            try {
                return stream.read();
            } catch (IOException | OutOfMemoryError cut) {
                return "an error";
            }
        }
    }
}
