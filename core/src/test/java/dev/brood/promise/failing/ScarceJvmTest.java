package dev.brood.promise.failing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import dev.brood.testing.CutOff;
import dev.brood.testing.Fork;
import dev.brood.testing.Quiet;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** JVMs that have no memory, or no descriptor, when children end or are to start. */
@Timeout(60)
class ScarceJvmTest {
    @RepeatedTest(3)
    @Contract({"C02", "D02", "D05"})
    void everyChildThatEndedWhileThereWasNoMemoryHasItsEnd() throws Exception {
        Fork.Ended ended = new Fork().with("-Xmx24m").run(NoMemory.class);

        assertThat(ended.out()).containsExactly("ended 300, active 0", "closed");
    }

    @Test
    @Contract({"D02", "D05", "S12"})
    void startWithoutADescriptorSaysSoThoughNoneHasFailedBefore() throws Exception {
        Fork.Ended ended = new Fork()
                .with("--add-opens=java.base/java.lang=ALL-UNNAMED")
                .under("prlimit", "--nofile=100:100")
                .run(NoDescriptor.class);

        assertThat(ended.out()).hasSize(3);
        assertThat(ended.out().get(0)).startsWith("SpawnException").contains("EMFILE");
        assertThat(ended.out().get(1)).startsWith("UncheckedIOException");
        assertThat(ended.out().get(2)).isEqualTo("Exited[code=0]");
    }

    /** Fills the heap while its children are killed by somebody else. */
    static final class NoMemory {
        private static final int CHILDREN = 300;

        private NoMemory() {}

        public static void main(String[] arguments) throws Exception {
            AtomicInteger ended = new AtomicInteger();
            Brood brood = Brood.builder().closing(Closing.stop(Duration.ZERO)).build();
            StringBuilder killing = new StringBuilder("sleep 0.5; kill -9");
            for (int i = 0; i < CHILDREN; i++) {
                Command command = Quiet.command("sleep", "1000");
                Child child = brood.spawn(
                        i % 2 == 0 ? command : command.stdout(Stdio.pipe()), (gone, exit) -> ended.incrementAndGet());
                killing.append(' ').append(child.pid());
            }
            Child _ = brood.spawn(CutOff.of("sh", "-c", killing.toString()));
            fill(Duration.ofSeconds(1));
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while ((ended.get() < CHILDREN || brood.active() > 0) && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            System.out.println("ended " + ended + ", active " + brood.active());
            brood.close();
            System.out.println("closed");
        }

        private static void fill(Duration how) {
            Object[] kept = new Object[1 << 16];
            long until = System.nanoTime() + how.toNanos();
            int used = 0;
            for (int size = 1 << 18; size > 16 && used < kept.length; size /= 4) {
                used = fill(kept, used, size);
            }
            while (System.nanoTime() < until) {
                used = fill(kept, Math.min(used, kept.length - 1), 64);
            }
        }

        private static int fill(Object[] kept, int from, int size) {
            int used = from;
            try {
                while (used < kept.length) {
                    kept[used] = new byte[size];
                    used++;
                }
            } catch (OutOfMemoryError full) {
                return used;
            }
            return used;
        }
    }

    /** Fills the descriptor table before anything has failed. */
    static final class NoDescriptor {
        private NoDescriptor() {}

        public static void main(String[] arguments) throws Exception {
            try (Brood brood = Brood.open()) {
                brood.run(CutOff.of("true")).check();
                while (!isLoaded("dev.brood.engine.Provision")) {
                    Thread.onSpinWait(); // the loop has not been idle
                }
                List<FileInputStream> taken = takeAll();
                System.out.println(refusal(brood));
                System.out.println(refusal());
                brood.loop().execute(() -> {
                    throw new IllegalStateException("wanted");
                });
                for (FileInputStream one : taken) {
                    one.close();
                }
                System.out.println(brood.run(CutOff.of("true")).status());
            }
        }

        private static boolean isLoaded(String name) throws ReflectiveOperationException {
            Method loaded = ClassLoader.class.getDeclaredMethod("findLoadedClass", String.class);
            loaded.setAccessible(true);
            return loaded.invoke(ScarceJvmTest.class.getClassLoader(), name) != null;
        }

        private static List<FileInputStream> takeAll() throws Exception {
            List<FileInputStream> taken = new ArrayList<>();
            TimeUnit.MILLISECONDS.sleep(100); // the last class that is made ready may be on its way
            try {
                while (true) {
                    taken.add(new FileInputStream("/dev/null"));
                }
            } catch (FileNotFoundException full) {
                return taken;
            }
        }

        private static String refusal(Brood brood) {
            try {
                return "started " + brood.spawn(CutOff.of("true").stdout(Stdio.pipe()));
            } catch (SpawnException refused) {
                return "SpawnException " + refused.getMessage();
            }
        }

        private static String refusal() {
            try (Brood second = Brood.open()) {
                return "opened " + second;
            } catch (RuntimeException refused) {
                return refused.getClass().getSimpleName();
            }
        }
    }
}
