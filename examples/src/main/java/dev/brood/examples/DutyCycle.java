package dev.brood.examples;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.loop.EventLoop;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.jspecify.annotations.Nullable;

/** An Agrona agent with children: their ends are part of its duty cycle, on its thread, with no lock and no other thread. */
public final class DutyCycle implements Agent {
    private final List<String> scripts;
    private final CountDownLatch left;
    private final EventLoop loop = EventLoop.embedded(this::isMyThread);
    private final Brood brood = Brood.builder().loop(loop).build();
    private volatile @Nullable Thread thread;

    private DutyCycle(List<String> scripts) {
        this.scripts = scripts;
        this.left = new CountDownLatch(scripts.size());
    }

    /**
     * Starts a child for each script, and tells which thread heard how it ended.
     *
     * @param arguments what the children do
     */
    public static void main(String[] arguments) throws InterruptedException {
        DutyCycle agent = new DutyCycle(arguments.length == 0 ? List.of("exit 2", "kill $$") : List.of(arguments));
        try (AgentRunner runner =
                new AgentRunner(new SleepingMillisIdleStrategy(1), Throwable::printStackTrace, null, agent)) {
            AgentRunner.startOnThread(runner);
            agent.left.await();
        }
    }

    @Override
    public void onStart() {
        thread = Thread.currentThread();
        try {
            for (String script : scripts) {
                brood.spawn(Command.of("sh", "-c", script), (child, exit) -> ended(script, exit));
            }
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public int doWork() {
        return loop.dispatch(); // and whatever else this agent does; what it returns keeps the idle strategy busy
    }

    @Override
    public void onClose() {
        brood.close();
        loop.close();
    }

    @Override
    public String roleName() {
        return "keeper";
    }

    private void ended(String script, Exit exit) {
        System.out.println(Thread.currentThread().getName() + ": " + script + ": "
                + exit.status().describe());
        left.countDown();
    }

    private boolean isMyThread() {
        return Thread.currentThread() == thread;
    }
}
