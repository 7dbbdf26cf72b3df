package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.sys.ProcFs.Listed;
import dev.brood.testing.Contract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What the kernel lists about this process and others. */
class ProcFsTest {
    @Test
    void childIsListedUnderTheThreadThatStartedIt() throws Exception {
        try (ShellChild child = ShellChild.run("exec sleep 1000")) {
            assertThat(ProcFs.children()).containsExactly(new Listed(child.pid(), thread()));
        }
    }

    @Test
    void childOfAThreadThatEndedIsListedUnderAnother() throws Exception {
        CompletableFuture<Long> starter = new CompletableFuture<>();
        AtomicReference<ShellChild> started = new AtomicReference<>();
        CountDownLatch look = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                started.set(ShellChild.run("exec sleep 1000"));
                starter.complete(thread());
                look.await();
            } catch (Exception failure) {
                starter.completeExceptionally(failure);
            }
        });
        long tid = starter.get();
        try (ShellChild child = started.get()) {
            assertThat(ProcFs.children()).containsExactly(new Listed(child.pid(), tid));

            look.countDown();
            thread.join();
            awaitEnd(tid);

            assertThat(ProcFs.children())
                    .singleElement()
                    .satisfies(listed -> assertThat(listed.pid()).isEqualTo(child.pid()))
                    .satisfies(listed -> assertThat(listed.thread()).isNotEqualTo(tid));
        }
    }

    @Test
    @Contract("R12")
    void zombiesAreListedUntilTheyAreReaped() throws Exception {
        try (ShellChild first = ShellChild.run("exit 0");
                ShellChild second = ShellChild.run("exit 0")) {
            first.awaitEnd();
            second.awaitEnd();
            assertThat(pids()).containsExactlyInAnyOrder(first.pid(), second.pid());

            first.reap();
            assertThat(pids()).containsExactly(second.pid());

            second.reap();
            assertThat(pids()).isEmpty();
        }
    }

    @Test
    void hundredsAreListed() throws Exception {
        List<ShellChild> children = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                children.add(ShellChild.run("exit 0"));
            }

            assertThat(pids())
                    .containsExactlyInAnyOrderElementsOf(
                            children.stream().map(ShellChild::pid).toList());
        } finally {
            for (ShellChild child : children) {
                child.close();
            }
        }
    }

    @Test
    void threadsThatEndMeanwhileDoNotDisturb() throws Exception {
        try (ExecutorService starter = Executors.newSingleThreadExecutor();
                ShellChild child = ShellChild.run("exec sleep 1000")) {
            Future<?> threads = starter.submit(() -> {
                while (!Thread.interrupted()) {
                    Thread.ofPlatform().start(() -> {}).join();
                }
                return null;
            });
            for (int i = 0; i < 2000; i++) {
                assertThat(pids()).containsExactly(child.pid());
            }
            assertThat(threads.isDone()).isFalse();
            threads.cancel(true);
        }
    }

    @Test
    void descriptorsAreThoseThatAreOpen() throws Exception {
        Fd fd = Fd.duplicate(1, 300);
        int number = fd.number();
        assertThat(ProcFs.descriptors()).contains(0, 1, 2, number).doesNotHaveDuplicates();

        fd.close();

        assertThat(ProcFs.descriptors()).doesNotContain(number);
    }

    @Test
    void statusTellsAField() throws Exception {
        try (ShellChild child = ShellChild.run("exit 0")) {
            String pid = Long.toString(child.pid());
            child.awaitEnd();

            assertThat(ProcFs.status(pid, "State")).contains("Z (zombie)");
            assertThat(ProcFs.status(pid, "PPid"))
                    .contains(Long.toString(ProcessHandle.current().pid()));
            assertThat(ProcFs.status("self", "Pid"))
                    .contains(Long.toString(ProcessHandle.current().pid()));
        }
    }

    @Test
    void statusOfNobodyAndFieldOfNoNameAreEmpty() throws Exception {
        try (ShellChild child = ShellChild.run("exit 0")) {
            child.reap();

            assertThat(ProcFs.status(Long.toString(child.pid()), "State")).isEmpty();
            assertThat(ProcFs.status("self", "Stat")).isEmpty();
        }
    }

    @Test
    void statusOfAProcessThatVanishesMeanwhileIsThereOrEmpty() throws Exception {
        try (ExecutorService looker = Executors.newSingleThreadExecutor()) {
            for (int i = 0; i < 1000; i++) {
                try (ShellChild child = ShellChild.run("exit 0")) {
                    child.awaitEnd();
                    String pid = Long.toString(child.pid());
                    Future<?> looks = looker.submit(() -> {
                        while (ProcFs.status(pid, "State").isPresent()) {
                            Thread.onSpinWait();
                        }
                        return null;
                    });
                    child.reap();

                    looks.get();
                }
            }
        }
    }

    @Test
    @Contract("S07")
    void ignoredSignalsAreThoseOfTheProcess() throws Exception {
        assertThat(ProcFs.ignoredSignals().contains(Signals.SIGUSR1)).isFalse();

        try (Signals.Ignored signal = Signals.ignore(Signals.SIGUSR1)) {
            assertThat(ProcFs.ignoredSignals().contains(signal.signal())).isTrue();
        }

        assertThat(ProcFs.ignoredSignals().contains(Signals.SIGUSR1)).isFalse();
    }

    /** The kernel's thread ends a moment after Java's. */
    private static void awaitEnd(long tid) {
        while (Files.exists(Path.of("/proc/self/task", Long.toString(tid)))) {
            LockSupport.parkNanos(100_000);
        }
    }

    private static List<Long> pids() throws Exception {
        return ProcFs.children().stream().map(Listed::pid).toList();
    }

    private static long thread() throws Exception {
        return Long.parseLong(
                Path.of("/proc/thread-self").toRealPath().getFileName().toString());
    }
}
