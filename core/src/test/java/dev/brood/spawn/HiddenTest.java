package dev.brood.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.sys.ChildAttributes;
import dev.brood.sys.ChildProgram;
import dev.brood.sys.Clone;
import dev.brood.sys.Dumpable;
import dev.brood.sys.Pipe;
import dev.brood.sys.ProcFs;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** While a child that has become another user still shares the JVM's memory, that user cannot get at it. */
class HiddenTest {
    private static final int READ = System.getProperty("os.arch", "").equals("aarch64") ? 63 : 0;
    private static final int NOBODY = 65_534;

    @BeforeAll
    static void needsRootAndTheCode() {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become another user");
        assumeTrue(ChildProgram.isPossible(), "no code can be mapped here");
    }

    @Test
    @Contract("S13")
    void userOfTheChildCannotOpenItsMemoryBeforeExec() throws Exception {
        assertThat(attack("$$"))
                .as("the attack works on what is the attacker's own")
                .isEqualTo("opened");
        try (Held held = new Held()) {
            assertThat(uids(held.pid())).startsWith(NOBODY + "\t" + NOBODY);

            assertThat(attack(Long.toString(held.pid()))).contains("Permission denied");

            Dumpable.set(true); // what another start's end would do
            assertThat(attack(Long.toString(held.pid()))).isEqualTo("opened");
        }
        assertThat(Dumpable.get()).isTrue();
    }

    @Test
    @Contract("S13")
    void startThatEndsDoesNotOpenTheMemoryThatAnotherStillShares() throws Exception {
        CompletableFuture<Void> second;
        try (Held held = new Held()) {
            Thread[] thread = new Thread[1];
            second = new CompletableFuture<>();
            thread[0] = Thread.ofPlatform().start(() -> {
                try {
                    Hidden.call(() -> new Spawned(1, OptionalInt.empty()));
                    second.complete(null);
                } catch (IOException failure) {
                    second.completeExceptionally(failure);
                }
            });
            Eventually.holds("the second waits", () -> thread[0].getState() == Thread.State.WAITING);

            assertThat(second).isNotDone();
            assertThat(Dumpable.get()).isFalse();
            assertThat(attack(Long.toString(held.pid()))).contains("Permission denied");
        }
        second.join();
        assertThat(Dumpable.get()).isTrue();
    }

    @Test
    @Contract("S13")
    void failedStartOpensTheMemoryAgain() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Hidden.call(() -> {
                    throw new IOException("refused");
                }));
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> Hidden.call(() -> {
                    throw new IllegalStateException("bug");
                }));
    }

    /** A child that has become another user and waits before exec. */
    private static final class Held implements AutoCloseable {
        private final Pipe gate = Pipe.open();
        private final CompletableFuture<Integer> failedRow = new CompletableFuture<>();
        private final long pid;

        Held() throws Exception {
            long starter = ProcessHandle.current().pid();
            Thread.ofPlatform().start(this::start);
            pid = held(starter);
        }

        long pid() {
            return pid;
        }

        @Override
        public void close() {
            gate.writeEnd().close(); // the read ends, the program is missing, and so the child ends
            assertThat(failedRow.join()).isPositive();
            gate.close();
        }

        private void start() {
            try (ChildProgram program = new ChildProgram()) {
                new ChildAttributes(program).user(NOBODY, NOBODY);
                program.unshareDescriptors(gate.readEnd().number() + 1);
                program.call(READ, gate.readEnd().number(), program.bytes(new byte[1]), 1);
                program.call(-1); // no such call: the child ends
                Hidden.call(() -> {
                    try {
                        return new Spawned(program.start(Clone.CLONE3).pid(), OptionalInt.empty());
                    } catch (ChildProgram.StepFailed failed) {
                        failedRow.complete(failed.row());
                        throw failed;
                    }
                });
            } catch (IOException expected) {
                failedRow.complete(-1);
            }
        }

        /** The child of this process that is the other user. */
        private static long held(long parent) throws Exception {
            CompletableFuture<Long> found = new CompletableFuture<>();
            Eventually.holds("a child as another user", () -> {
                try (Stream<ProcessHandle> children =
                        ProcessHandle.of(parent).orElseThrow().children()) {
                    children.map(ProcessHandle::pid).filter(Held::isOther).forEach(found::complete);
                }
                return found.isDone();
            });
            return found.join();
        }

        private static boolean isOther(long pid) {
            try {
                return uids(pid).startsWith(Integer.toString(NOBODY));
            } catch (IOException gone) {
                return false;
            }
        }
    }

    /** Tries, as the other user, to open a process's memory for writing. */
    private static String attack(String pid) throws Exception {
        Process attacker = new ProcessBuilder(
                        "setpriv",
                        "--reuid=" + NOBODY,
                        "--regid=" + NOBODY,
                        "--clear-groups",
                        "sh",
                        "-c",
                        "exec 3<>/proc/" + pid + "/mem && echo opened")
                .redirectErrorStream(true)
                .start();
        String said = new String(attacker.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        attacker.waitFor();
        return said;
    }

    private static String uids(long pid) throws IOException {
        return ProcFs.status(Long.toString(pid), "Uid").orElse("");
    }
}
