package dev.brood.promise.failing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.sys.ProcFs;
import dev.brood.testing.Contract;
import dev.brood.testing.Quiet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starts where the stack ends: each works, or leaves nothing. */
@Timeout(60)
class StackOverflowTest {
    private static final int THREADS = 20;
    private static final int STARTS = 20; // that work, in a thread
    private static final Command SLEEP = Quiet.command("sleep", "1000");

    @Test
    @Contract({"C03", "S01"})
    void noStartLeavesAChildWithoutAHandle() throws Exception {
        try (Brood brood = Brood.builder().closing(Quiet.AT_ONCE).build()) {
            Diver warm = new Diver(brood);
            warm.start(); // loads what is needed, perhaps in vain
            List<Child> children = new ArrayList<>(warm.children);
            int overflows = 0;
            for (int i = 0; i < THREADS; i++) {
                Diver diver = new Diver(brood);
                Thread thread = new Thread(null, () -> diver.dive(0), "diver", 256 * 1024L + 1024L * i);
                thread.start();
                thread.join();
                children.addAll(diver.children);
                overflows += diver.overflows;
            }

            System.out.println(overflows + " starts overflowed the stack, " + children.size() + " worked");
            assertThat(overflows).isPositive();
            assertThat(brood.active()).isEqualTo(children.size());
            assertThat(ProcFs.children()).hasSize(children.size());
        }
    }

    /** Starts from the bottom of the stack up, with ever more room. */
    private static final class Diver {
        private final Brood brood;
        private final List<Child> children = new ArrayList<>(STARTS);
        private int overflows;

        Diver(Brood brood) {
            this.brood = brood;
        }

        void dive(int depth) {
            try {
                if (depth < Integer.MAX_VALUE) {
                    dive(depth + 1);
                }
            } catch (StackOverflowError deep) {
                overflows++;
            }
            if (children.size() < STARTS) {
                start();
            }
        }

        void start() {
            try {
                children.add(brood.spawn(SLEEP));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
