package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.Stdio;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Kill;
import dev.brood.sys.ProcFs;
import dev.brood.testing.BuiltIn;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.ForkedJvm;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A Ctrl-C for the whole process group hits the JVM and its children at every moment of their starts. */
class GroupSignalTest {
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;
    private static final Set<ExitStatus> EXPECTED =
            Set.of(new Exited(0), new Signaled(Signal.INT, false), new Signaled(Signal.TERM, false));

    @ParameterizedTest
    @EnumSource(BuiltIn.class)
    @Contract({"S01", "S07", "S16"})
    void signalAtAnyMomentOfAStartRunsNoHandlerOfTheJvmInTheChild(BuiltIn way, @TempDir Path directory)
            throws Exception {
        Path report = directory.resolve("report");
        try (Brood brood = Brood.open()) {
            List<String> line = ForkedJvm.of(Starting.class).commandLine(way.name(), report.toString());
            Child jvm = brood.spawn(Command.of(line)
                    .newSession()
                    .stdin(Stdio.devNull())
                    .stdout(Stdio.devNull())
                    .stderr(Stdio.write(directory.resolve("errors"))));
            Eventually.holds("handling signals", () -> Files.exists(report) || !jvm.isActive());

            long seed = new Random().nextLong();
            Random random = new Random(seed);
            int sent = 0;
            while (jvm.isActive()) {
                sent += signalled(jvm, sent % 2 == 0 ? SIGINT : SIGTERM);
                LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(2))); // at another moment each time
            }

            assertThat(jvm.await().status())
                    .as("seed %d, after %d signals: %s", seed, sent, Files.readString(directory.resolve("errors")))
                    .isEqualTo(new Exited(0));
            assertThat(Files.readAllLines(report))
                    .containsExactly(
                            "ready",
                            "others: []",
                            "some of each: true",
                            "handler ran in the JVM: true",
                            "children left: []");
            assertThat(sent).isPositive();
        }
    }

    private static int signalled(Child jvm, int signal) throws ErrnoException {
        try {
            Kill.group(jvm.pid(), signal);
            return 1;
        } catch (ErrnoException gone) {
            return 0;
        }
    }

    /** Starts short-lived children, one after the other, with a handler for INT and TERM. */
    static final class Starting {
        private static final int STARTS = 600;

        private Starting() {}

        public static void main(String[] arguments) throws Exception {
            Path report = Path.of(arguments[1]);
            AtomicInteger handled = new AtomicInteger();
            List<String> others = new ArrayList<>();
            Map<String, Integer> counts = new TreeMap<>();
            handle("INT", handled);
            handle("TERM", handled);
            try (Brood brood = BuiltIn.valueOf(arguments[0]).open()) {
                Files.writeString(report, "ready\n");
                for (int i = 0; i < STARTS; i++) {
                    ExitStatus status =
                            brood.spawn(Command.of("/bin/true")).await().status();
                    counts.merge(status.describe(), 1, Integer::sum);
                    if (!EXPECTED.contains(status)) {
                        others.add(status.describe());
                    }
                }
            }
            Files.write(
                    report,
                    List.of(
                            "others: " + others,
                            "some of each: " + (counts.size() > 1),
                            "handler ran in the JVM: " + (handled.get() > 0),
                            "children left: " + ProcFs.children()),
                    StandardOpenOption.APPEND);
        }

        /** By reflection: javac's warning about sun.misc.Signal cannot be silenced. */
        private static void handle(String name, AtomicInteger handled) throws ReflectiveOperationException {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object counting = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, values) -> {
                        handled.incrementAndGet();
                        return null;
                    });
            Object _ = signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), counting);
        }
    }
}
