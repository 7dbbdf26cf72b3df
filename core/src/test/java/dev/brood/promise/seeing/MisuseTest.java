package dev.brood.promise.seeing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.ExitHandler;
import dev.brood.Exited;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.spawn.Spawner;
import dev.brood.testing.Contract;
import dev.brood.testing.Fork;
import dev.brood.testing.Shell;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is logged, and what is not; and what somebody is told who uses the library wrongly. */
class MisuseTest {
    private static final String SECRET = "s3cr3t-value";

    @Test
    @Contract("O03")
    void nothingAboveDebugIsLoggedInOrdinaryLife() throws Exception {
        Fork.Ended ended = new Fork().logging().run(Ordinary.class);

        assertThat(ended.code()).isZero();
        assertThat(ended.err()).allMatch(line -> line.startsWith("FINE dev.brood"));
    }

    @Test
    @Contract("O03")
    void environmentIsNeverLoggedNorShown() throws Exception {
        Fork.Ended ended = new Fork().logging().run(Secretive.class);

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).hasSizeGreaterThan(8).noneMatch(line -> line.contains(SECRET));
        assertThat(ended.err())
                .anyMatch(line -> line.startsWith("WARNING dev.brood"))
                .anyMatch(line -> line.startsWith("SEVERE dev.brood"))
                .noneMatch(line -> line.contains(SECRET));
    }

    @Test
    @Contract("O03")
    void eachConcernHasALoggerOfItsOwn() throws Exception {
        Fork.Ended ended = new Fork().logging().run(Secretive.class);

        assertThat(ended.err())
                .anyMatch(line -> line.startsWith("WARNING dev.brood.exit "))
                .anyMatch(line -> line.startsWith("SEVERE dev.brood.loop "))
                .anyMatch(line -> line.startsWith("SEVERE dev.brood a callback threw: "));
    }

    @Test
    @Contract("O04")
    void contextThatIsCollectedUnclosedIsTold() throws Exception {
        Fork.Ended ended = new Fork().logging().run(Forgetful.class);

        assertThat(ended.out()).containsExactly("collected");
        assertThat(ended.err())
                .singleElement()
                .asString()
                .startsWith("WARNING dev.brood ")
                .contains("never closed")
                .contains("close it");
    }

    @Test
    @Contract({"O04", "C16"})
    void slowCallbackIsToldWithTheChildsName() throws Exception {
        Fork.Ended ended = new Fork().logging().run(Slow.class);

        assertThat(ended.out()).containsExactly("Exited[code=0]");
        assertThat(ended.err())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("WARNING dev.brood.callback ")
                        .contains("sh [")
                        .contains("] (a lambda of " + Slow.class.getName() + ") held the loop for ")
                        .contains(" ms")
                        .contains("callbackExecutor"));
    }

    @Test
    @Contract("O04")
    void deniedNativeAccessSaysWhatToDoOnTheClassPath() throws Exception {
        Fork.Ended ended =
                new Fork().withoutAccess().with("--illegal-native-access=deny").run(Opening.class);

        assertThat(ended.out())
                .containsExactly(
                        "IllegalStateException: Brood calls the C library: start java with --enable-native-access=ALL-UNNAMED",
                        "again IllegalStateException: Brood calls the C library: start java with"
                                + " --enable-native-access=ALL-UNNAMED");
    }

    @Test
    @Contract("O04")
    void deniedNativeAccessSaysWhatToDoOnTheModulePath() throws Exception {
        Fork.Ended ended = new Fork()
                .asModule()
                .withoutAccess()
                .with("--illegal-native-access=deny")
                .run(Opening.class);

        assertThat(ended.out()).hasSize(2).allMatch(line -> line.endsWith("--enable-native-access=dev.brood"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract("O04")
    void grantedNativeAccessIsEnough(boolean module) throws Exception {
        Fork fork = new Fork().with("--illegal-native-access=deny");

        Fork.Ended ended = (module ? fork.asModule() : fork).run(Opening.class);

        assertThat(ended.out()).containsExactly("opened", "again opened");
        assertThat(ended.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "os.name,Plan9,Plan9",
        "os.name,Mac OS X,Mac OS X",
        "os.arch,riscv64,Linux on riscv64",
        "os.arch,sparc,sparc"
    })
    @Contract("O04")
    void unsupportedSystemIsNamedAndItsClassesLoad(String property, String value, String named) throws Exception {
        Fork.Ended ended = new Fork().with("-D" + property + "=" + value).run(Elsewhere.class);

        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).hasSize(3).contains("a command", "an exit");
        assertThat(ended.out().getLast())
                .startsWith("UnsupportedOperationException: ")
                .contains(named);
    }

    /** Does everything that is no misuse. */
    static final class Ordinary {
        private Ordinary() {}

        public static void main(String[] arguments) throws Exception {
            try (EventLoop shared = EventLoop.threaded()) {
                for (int round = 0; round < 3; round++) {
                    Brood.Builder builder = Brood.builder();
                    try (Brood brood = round == 0 ? builder.loop(shared).build() : builder.build()) {
                        brood.spawn(Shell.sh("exit 3"), (child, exit) -> {});
                        brood.spawn(Shell.sh("kill -KILL $$")).await();
                        brood.spawn(Shell.sleeper()).drop();
                        brood.spawn(Shell.sleeper()).killAndDrop();
                        brood.spawn(Shell.sleeper().deadline(Duration.ofMillis(1)))
                                .await();
                        brood.spawn(Shell.sleeper());
                        Collected _ = brood.run(Shell.script("echo out; echo err >&2; exit 1"));
                        try {
                            brood.spawn(Shell.quiet(Command.of("/no/such/program")));
                        } catch (SpawnException expected) {
                            CompletableFuture<Void> turn = new CompletableFuture<>();
                            brood.loop().execute(() -> turn.complete(null));
                            turn.join();
                        }
                    }
                }
            }
        }
    }

    /** Shows and logs everything that there is, of children with a secret in their environment. */
    static final class Secretive {
        private Secretive() {}

        public static void main(String[] arguments) throws Exception {
            Spawner showing = request -> {
                System.out.println(request + " " + request.environment());
                return Spawner.standard().spawn(request);
            };
            Brood brood = Brood.builder()
                    .spawner(showing)
                    .onDisaster(disaster -> System.out.println(disaster.toString()))
                    .build();
            Command command = Shell.sh("exit 3").env("PASSWORD", SECRET);
            System.out.println(command + " " + command.env("OTHER", SECRET));
            Child child = brood.spawn(command, (ended, exit) -> {
                System.out.println(ended + " " + exit);
                throw new IllegalArgumentException("thrown by the test");
            });
            System.out.println(child.await());
            brood.spawn(command);
            brood.loop().execute(() -> {
                throw new IllegalArgumentException("thrown by the test");
            });
            for (Command failing : List.of(
                    Shell.quiet(Command.of("/no/such/program")),
                    Shell.sh("exit 0").directory(Path.of("/no/such")))) {
                try {
                    brood.spawn(failing.env("PASSWORD", SECRET));
                } catch (SpawnException failure) {
                    System.out.println(failure);
                    failure.printStackTrace();
                }
            }
            try {
                System.out.println(Command.of("x").env("PASSWORD", SECRET + "\0"));
            } catch (IllegalArgumentException refused) {
                System.out.println(refused);
            }
            try {
                brood.run(Shell.script("exit 9").env("PASSWORD", SECRET)).check();
            } catch (Collected.Failure failure) {
                System.out.println(failure);
            }
            brood.close();
        }
    }

    /** Loses a context without closing it. */
    static final class Forgetful {
        private Forgetful() {}

        public static void main(String[] arguments) {
            WeakReference<Brood> lost = new WeakReference<>(Brood.open());
            while (!lost.refersTo(null)) {
                System.gc();
            }
            System.gc();
            for (int i = 0; i < 100; i++) {
                System.gc();
                Brood.open().close();
            }
            System.out.println("collected");
        }
    }

    /** Holds the loop in a callback. */
    static final class Slow {
        private Slow() {}

        public static void main(String[] arguments) throws Exception {
            try (Brood brood = Brood.open()) {
                ExitHandler slow = (ended, exit) -> {
                    try {
                        boolean _ = new CountDownLatch(1).await(150, TimeUnit.MILLISECONDS);
                    } catch (InterruptedException unwanted) {
                        throw new AssertionError(unwanted);
                    }
                };
                Exit _ = brood.spawn(Command.of("true"), slow).await();
                System.out.println(brood.spawn(Shell.sh("exit 0"), slow).await().status());
            }
        }
    }

    /** Opens a context, twice. */
    static final class Opening {
        private Opening() {}

        public static void main(String[] arguments) {
            System.out.println(opened());
            System.out.println("again " + opened());
        }

        private static String opened() {
            try (Brood brood = Brood.open()) {
                return brood.active() == 0 ? "opened" : "impossible";
            } catch (IllegalStateException denied) {
                return "IllegalStateException: " + denied.getMessage();
            }
        }
    }

    /** Uses what needs no system, then what does. */
    static final class Elsewhere {
        private Elsewhere() {}

        public static void main(String[] arguments) {
            Command command =
                    Command.of("program", "argument").stdout(Stdio.pipe()).deadline(Duration.ofDays(1));
            System.out.println(command.program().isEmpty() ? "" : "a command");
            System.out.println(new Exited(1).success() ? "" : "an exit");
            try {
                Brood.open().close();
            } catch (UnsupportedOperationException elsewhere) {
                System.out.println("UnsupportedOperationException: " + elsewhere.getMessage());
            }
        }
    }
}
