package dev.brood.examples;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Stdio;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A virtual thread per child, in plain blocking code: all of them park on one loop, and none holds its carrier. */
public final class VirtualThreads {
    private VirtualThreads() {}

    /**
     * Starts so many children at once, each from a virtual thread that waits for it, and counts those whose code is right.
     *
     * @param arguments how many
     */
    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        int count = arguments.length == 0 ? 2_000 : Integer.parseInt(arguments[0]);
        List<Future<Exit>> exits = new ArrayList<>();
        try (Brood brood = Brood.open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                String code = Integer.toString(i % 256);
                Command command = Command.of("sh", "-c", "exit " + code).stdin(Stdio.devNull());
                exits.add(threads.submit(() -> brood.spawn(command).await()));
            }
        }
        int right = 0;
        for (int i = 0; i < count; i++) {
            right += exits.get(i).get().status().equals(new Exited(i % 256)) ? 1 : 0;
        }
        System.out.println(right + " of " + count + " exit codes are right");
    }
}
