package dev.brood.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Ownership;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.UnknownChildHandler.Answer;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.Orphanage;
import dev.brood.testing.Shell;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Micrometer says of real children. */
@Timeout(60)
@Contract("O02")
class BroodMetricsTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void everyStartAndEveryEndIsSeenByItsKind() throws Exception {
        try (Brood brood = Brood.builder().queueEvents().build()) {
            new BroodMetrics(brood).bindTo(registry);

            for (int i = 0; i < 3; i++) {
                brood.spawn(Shell.sh("exit " + i)).await();
            }
            Child killed = brood.spawn(Shell.sleeper());
            killed.signal(Signal.KILL);
            killed.await();
            Child handedOver = brood.spawn(Shell.sleeper());
            handedOver.killAndDrop();
            assertThatThrownBy(() -> brood.spawn(Command.of("/no/such/program")))
                    .isInstanceOf(SpawnException.class);
            Child live = brood.spawn(Shell.sleeper());

            assertThat(live.isActive()).isTrue();
            assertThat(count("brood.children.started")).isEqualTo(6);
            assertThat(count("brood.starts.failed")).isEqualTo(1);
            assertThat(gauge("brood.children.live")).isEqualTo(1);
            assertThat(count("brood.children.exits", "kind", "exited")).isEqualTo(3);
            assertThat(count("brood.children.exits", "kind", "signaled")).isEqualTo(1);
            assertThat(count("brood.children.exits", "kind", "lost"))
                    .as("handed over")
                    .isEqualTo(1);
            assertThat(count("brood.children.robbed")).isZero();
            assertThat(gauge("brood.events.unread")).isEqualTo(4);
        }
    }

    @Test
    void callsAndTheirTimeAreThoseOfTheContextInTheUnitOfTheRegistry() throws Exception {
        try (Brood brood = Brood.open()) {
            new BroodMetrics(brood).bindTo(registry);
            for (int i = 0; i < 3; i++) {
                brood.spawn(Shell.sh("exit 0"), (child, exit) -> Thread.onSpinWait())
                        .await();
            }
            Eventually.inactive(brood);

            var timer = registry.get("brood.callbacks").functionTimer();
            Duration spent = brood.counters().callbackTime();

            assertThat(timer.count()).isEqualTo(3);
            assertThat(timer.baseTimeUnit()).isEqualTo(TimeUnit.SECONDS);
            assertThat(Math.round(timer.totalTime(TimeUnit.NANOSECONDS))).isEqualTo(spent.toNanos());
        }
    }

    @Test
    void orphansAreSeen() throws Exception {
        Ownership everything = Ownership.everything((pid, status) -> Answer.MINE);
        try (Orphanage _ = Orphanage.open();
                Gate gate = Gate.closed();
                Brood brood = Brood.builder()
                        .ownership(everything)
                        .grace(Duration.ZERO)
                        .build()) {
            new BroodMetrics(brood).bindTo(registry);
            Orphanage.leave(3, gate, 0);

            gate.open();

            Eventually.holds("three orphans", () -> count("brood.orphans.reaped") == 3);
        }
    }

    @Test
    void tagsTellContextsApart() throws Exception {
        try (Brood one = Brood.open();
                Brood other = Brood.open()) {
            new BroodMetrics(one, Tags.of("pool", "one")).bindTo(registry);
            new BroodMetrics(other, Tags.of("pool", "other")).bindTo(registry);

            one.run(Shell.sh("exit 0"));

            assertThat(count("brood.children.started", "pool", "one")).isEqualTo(1);
            assertThat(count("brood.children.started", "pool", "other")).isZero();
        }
    }

    @Test
    void closedContextKeepsItsCounts() throws Exception {
        Brood brood = bound();

        brood.close();

        assertThat(count("brood.children.started")).isEqualTo(1);
        assertThat(gauge("brood.children.live")).isZero();
    }

    @Test
    void metersDoNotHoldTheContext() throws Exception {
        WeakReference<Brood> context = boundClosedAndForgotten();

        Eventually.collected(context);

        assertThat(count("brood.children.started")).isEqualTo(1);
        assertThat(gauge("brood.children.live")).isNaN();
    }

    @Test
    void prometheusSeesNamesOfItsConvention() throws Exception {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Brood brood = Brood.open()) {
            new BroodMetrics(brood, Tags.of("pool", "one")).bindTo(prometheus);
            brood.spawn(Shell.sh("exit 0"), (child, exit) -> {}).await();
            Eventually.inactive(brood);

            assertThat(prometheus.scrape().lines())
                    .contains(
                            "brood_children_started_total{pool=\"one\"} 1.0",
                            "brood_starts_failed_total{pool=\"one\"} 0.0",
                            "brood_children_live{pool=\"one\"} 0.0",
                            "brood_children_exits_total{kind=\"exited\",pool=\"one\"} 1.0",
                            "brood_children_exits_total{kind=\"signaled\",pool=\"one\"} 0.0",
                            "brood_children_exits_total{kind=\"lost\",pool=\"one\"} 0.0",
                            "brood_children_robbed_total{pool=\"one\"} 0.0",
                            "brood_orphans_reaped_total{pool=\"one\"} 0.0",
                            "brood_events_unread{pool=\"one\"} 0.0",
                            "brood_callbacks_seconds_count{pool=\"one\"} 1")
                    .anyMatch(line -> line.startsWith("brood_callbacks_seconds_sum{pool=\"one\"} "));
        }
    }

    private Brood bound() throws Exception {
        Brood brood = Brood.open();
        new BroodMetrics(brood).bindTo(registry);
        brood.run(Shell.sh("exit 0"));
        return brood;
    }

    private WeakReference<Brood> boundClosedAndForgotten() throws Exception {
        try (Brood brood = bound()) {
            assertThat(count("brood.children.started")).isEqualTo(1);
            return new WeakReference<>(brood);
        }
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }
}
