package dev.brood.examples;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.SpawnException;
import dev.brood.loop.EventLoop;
import dev.brood.loop.WakeUp;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import org.jspecify.annotations.Nullable;

/** A Vert.x verticle that runs what comes over the event bus, and answers on its own context when the child has ended. */
public final class VertxVerticle extends VerticleBase {
    private final EventLoop loop = EventLoop.embedded(this::isMyThread);
    private final Brood brood = Brood.builder().loop(loop).build();
    private volatile @Nullable Thread thread;

    /**
     * Deploys it, and asks it for a few children.
     *
     * @param arguments what they do
     */
    public static void main(String[] arguments) {
        String[] scripts = arguments.length == 0 ? new String[] {"exit 2", "kill $$"} : arguments;
        Vertx vertx = Vertx.vertx();
        join(vertx.deployVerticle(new VertxVerticle()));
        for (String script : scripts) {
            System.out.println(join(vertx.eventBus().request("run", script)).body());
        }
        join(vertx.close());
    }

    @Override
    public Future<?> start() {
        thread = Thread.currentThread();
        WakeUp.of(loop, () -> context.runOnContext(_ -> dispatch())); // ends with the loop
        return vertx.eventBus().consumer("run", this::spawn).completion();
    }

    @Override
    public Future<?> stop() {
        loop.execute(brood::close); // a callback only begins closing: the event loop is not held up while children end
        return Future.fromCompletionStage(brood.closed(), context).onComplete(_ -> loop.close());
    }

    private void spawn(Message<String> message) {
        try {
            brood.spawn(
                    Command.of("sh", "-c", message.body()),
                    (child, exit) -> message.reply(Thread.currentThread().getName() + ": "
                            + exit.status().describe()));
        } catch (SpawnException failure) {
            message.fail(1, failure.getMessage());
        }
    }

    /** One call is bounded: what else this event loop has to do comes in between. */
    private void dispatch() {
        if (!loop.isEnded() && loop.dispatch() > 0) {
            context.runOnContext(_ -> dispatch());
        }
    }

    private boolean isMyThread() {
        return Thread.currentThread() == thread;
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
