package dev.brood;

import dev.brood.loop.EventLoop;
import dev.brood.spawn.Spawner;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a context was built with.
 *
 * @param grace how long a zombie that is nobody's is left to others
 * @param loop the application's loop, or null for one with a thread of its own
 * @param atExit what to do when the JVM ends
 * @param threads makes that thread, or null for a plain one
 */
record Settings(
        Ownership ownership,
        DeathWatch deathWatch,
        Duration grace,
        @Nullable EventLoop loop,
        @Nullable ThreadFactory threads,
        Spawner spawner,
        Executor callbacks,
        Consumer<Disaster> onDisaster,
        Closing closing,
        Optional<Closing> atExit,
        boolean queueEvents) {}
