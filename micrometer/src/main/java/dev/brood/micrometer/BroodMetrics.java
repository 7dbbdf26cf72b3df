package dev.brood.micrometer;

import dev.brood.Brood;
import dev.brood.Counters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Meters over what a context has counted, {@link Brood#counters}.
 *
 * <table>
 * <caption>The meters</caption>
 * <tr><th>name</th><th>kind</th><th>what</th></tr>
 * <tr><td>{@code brood.children.started}</td><td>counter</td><td>children that were started</td></tr>
 * <tr><td>{@code brood.starts.failed}</td><td>counter</td><td>starts that failed</td></tr>
 * <tr><td>{@code brood.children.live}</td><td>gauge</td><td>children whose exit has not begun to be delivered</td></tr>
 * <tr><td>{@code brood.children.exits}, tag {@code kind}</td><td>counter</td><td>ends of children: {@code exited} by themselves,
 *     {@code signaled}, or {@code lost}, whose status nobody knows</td></tr>
 * <tr><td>{@code brood.children.robbed}</td><td>counter</td><td>children that somebody else reaped; their exit is counted above too</td></tr>
 * <tr><td>{@code brood.orphans.reaped}</td><td>counter</td><td>processes that were nobody's and that the context has reaped</td></tr>
 * <tr><td>{@code brood.events.unread}</td><td>gauge</td><td>events that nobody has taken from the queue</td></tr>
 * <tr><td>{@code brood.callbacks}</td><td>timer</td><td>calls of the application's code: how many, and their time in the registry's
 *     unit</td></tr>
 * </table>
 *
 * <p>The counters are read when a registry asks; between its questions nothing runs. A closed context keeps its counts, and its meters stay until
 * they are removed from the registry.
 *
 * <p>As the meters of Micrometer's own binders do with what they measure, these hold the context weakly: whoever works with it holds it. Of one
 * that nobody holds any more, counters and timer keep what they said last, and gauges say NaN.
 *
 * {@snippet :
 * new BroodMetrics(brood, Tags.of("pool", "converters")).bindTo(registry);
 * }
 */
public final class BroodMetrics implements MeterBinder {
    private final Brood brood;
    private final Iterable<Tag> tags;

    /** Meters without tags of the caller's: for a program with one context. */
    public BroodMetrics(Brood brood) {
        this(brood, Tags.empty());
    }

    /** Meters that all carry the given tags, which tell the contexts of a program apart. */
    public BroodMetrics(Brood brood, Iterable<Tag> tags) {
        this.brood = brood;
        this.tags = Tags.of(tags);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        count(registry, "brood.children.started", "Children that were started", Counters::started);
        count(registry, "brood.starts.failed", "Starts that failed", Counters::failedStarts);
        gauge(registry, "brood.children.live", "Children that have not ended", Counters::live);
        exits(registry, "exited", Counters::exited);
        exits(registry, "signaled", Counters::signaled);
        exits(registry, "lost", Counters::lost);
        count(registry, "brood.children.robbed", "Children that somebody else reaped", Counters::robbed);
        count(registry, "brood.orphans.reaped", "Reaped processes that were nobody's", Counters::orphans);
        gauge(registry, "brood.events.unread", "Events that nobody has taken from the queue", Counters::unread);
        callbacks(registry);
    }

    private void exits(MeterRegistry registry, String kind, ToLongFunction<Counters> what) {
        counter("brood.children.exits", "Ends of children", what)
                .tag("kind", kind)
                .register(registry);
    }

    private void count(MeterRegistry registry, String name, String description, ToLongFunction<Counters> what) {
        counter(name, description, what).register(registry);
    }

    private FunctionCounter.Builder<Brood> counter(String name, String description, ToLongFunction<Counters> what) {
        return FunctionCounter.builder(name, brood, context -> what.applyAsLong(context.counters()))
                .description(description)
                .tags(tags);
    }

    private void gauge(MeterRegistry registry, String name, String description, ToLongFunction<Counters> what) {
        Gauge.builder(name, brood, context -> what.applyAsLong(context.counters()))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void callbacks(MeterRegistry registry) {
        FunctionTimer.builder(
                        "brood.callbacks",
                        brood,
                        context -> context.counters().callbacks(),
                        context -> context.counters().callbackTime().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description("Calls of the application's code")
                .tags(tags)
                .register(registry);
    }
}
