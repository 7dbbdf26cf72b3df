package dev.brood.loop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A future of what turns of a loop bring, and every future that is made of it: a thread that would have to run those turns itself is refused to wait,
 * instead of waiting for ever.
 */
final class LoopFuture<T> extends CompletableFuture<T> {
    private final Driving driving;

    LoopFuture(Driving driving) {
        this.driving = driving;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new LoopFuture<>(driving);
    }

    @Override
    public T join() {
        requireRunner();
        return super.join();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        requireRunner();
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (!isDone()) {
            driving.requireAnother();
        }
        return super.get(timeout, unit);
    }

    private void requireRunner() {
        if (!isDone()) {
            driving.requireRunner(this::isDone);
        }
    }
}
