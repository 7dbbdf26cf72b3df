package dev.brood.examples;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.Ownership;
import dev.brood.Stdio;
import dev.brood.UnknownChildHandler.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A JVM that adopts orphans and reaps them, beside children of {@link ProcessBuilder} that keep their exit codes: what a JVM that is PID 1 of
 * a container needs.
 */
public final class Orphans {
    private static final int EACH = 100;
    private static final int CODE = 42;

    private Orphans() {}

    /**
     * Leaves 100 orphans behind, starts 100 children with the JDK, and says how all of them ended.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        CountDownLatch reaped = new CountDownLatch(EACH);
        Ownership everything = Ownership.everything((pid, status) -> {
            reaped.countDown();
            return Answer.MINE;
        });
        try (Brood brood = Brood.builder().ownership(everything).build()) {
            brood.becomeSubreaper();

            String leaving = "i=0; while [ $i -lt " + EACH + " ]; do (sleep 0.2 &); i=$((i+1)); done";
            brood.run(Command.of("/bin/sh", "-c", leaving).stdout(Stdio.devNull()))
                    .check();
            List<Process> jdk = new ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                jdk.add(new ProcessBuilder("/bin/sh", "-c", "exit " + CODE).start());
            }

            int right = 0;
            for (Process process : jdk) {
                right += process.waitFor() == CODE ? 1 : 0;
            }
            reaped.await();
            System.out.println("orphans reaped: " + (EACH - reaped.getCount()));
            System.out.println("exit codes of ProcessBuilder that are right: " + right);
        }
    }
}
