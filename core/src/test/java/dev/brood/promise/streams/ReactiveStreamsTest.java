package dev.brood.promise.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Output;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import dev.brood.testing.Shell;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;
import org.testng.annotations.AfterClass;

/** The reactive-streams compatibility kit, which is of another test framework, over both directions. */
class ReactiveStreamsTest {
    @Test
    @Contract("I05")
    void linesPassTheKit() {
        assertPasses(LinesKit.class, 20);
    }

    @Test
    @Contract("I05")
    void subscriberPassesTheKit() {
        assertPasses(SubscriberKit.class, 5);
    }

    private static void assertPasses(Class<?> kit, int least) {
        TestListenerAdapter results = new TestListenerAdapter();
        TestNG tests = new TestNG(false);
        tests.setTestClasses(new Class<?>[] {kit});
        tests.addListener(results);

        tests.run();

        List<String> failed = results.getFailedTests().stream()
                .map(ReactiveStreamsTest::describe)
                .toList();
        assertThat(failed).isEmpty();
        assertThat(results.getPassedTests()).hasSizeGreaterThan(least);
    }

    private static String describe(ITestResult result) {
        return result.getName() + ": " + result.getThrowable();
    }

    /** A publisher of as many lines as asked for. */
    public static final class LinesKit extends FlowPublisherVerification<String> {
        private static final int MOST = 100_000; // where the kit asks for no end
        private final Brood brood = Brood.open();

        public LinesKit() {
            super(new TestEnvironment(2_000, 200));
        }

        @Override
        public Flow.Publisher<String> createFlowPublisher(long elements) {
            return lines(Shell.script("seq " + Math.min(elements, MOST)));
        }

        @Override
        public Flow.Publisher<String> createFailedFlowPublisher() {
            Child child = spawn(Shell.script("echo text"));
            Output output = child.stdout();
            output.close();
            return output.lines(US_ASCII);
        }

        @Override
        public long maxElementsFromPublisher() {
            return MOST;
        }

        @AfterClass
        public void close() {
            brood.close(Closing.stop(Duration.ZERO));
        }

        private Flow.Publisher<String> lines(Command command) {
            return spawn(command).stdout().lines(US_ASCII);
        }

        private Child spawn(Command command) {
            try {
                return brood.spawn(
                        command.stdin(Stdio.devNull()).stdout(Stdio.pipe()).stderr(Stdio.devNull()));
            } catch (SpawnException failure) {
                throw new AssertionError(failure);
            }
        }
    }

    /** What is given to a child's input. */
    public static final class SubscriberKit extends FlowSubscriberBlackboxVerification<ByteBuffer> {
        private final Brood brood = Brood.open();

        public SubscriberKit() {
            super(new TestEnvironment(2_000, 200));
        }

        @Override
        public Flow.Subscriber<ByteBuffer> createFlowSubscriber() {
            try {
                return brood.spawn(Shell.script("cat")
                                .stdin(Stdio.pipe())
                                .stdout(Stdio.devNull())
                                .stderr(Stdio.devNull()))
                        .stdin()
                        .subscriber();
            } catch (SpawnException failure) {
                throw new AssertionError(failure);
            }
        }

        @Override
        public ByteBuffer createElement(int number) {
            return ByteBuffer.wrap(new byte[] {(byte) number});
        }

        @AfterClass
        public void close() {
            brood.close(Closing.stop(Duration.ZERO));
        }
    }
}
