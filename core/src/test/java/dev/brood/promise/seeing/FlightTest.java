package dev.brood.promise.seeing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Ownership;
import dev.brood.SpawnException;
import dev.brood.UnknownChildHandler;
import dev.brood.loop.EventLoop;
import dev.brood.sys.Meddling;
import dev.brood.sys.WaitStatus;
import dev.brood.testing.Contract;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.Gate;
import dev.brood.testing.Log;
import dev.brood.testing.Orphanage;
import dev.brood.testing.Small;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the JVM's flight recorder is told. */
@Timeout(60)
@Contract("O01")
class FlightTest {
    @Test
    void startsEndsDisastersAndSlowCallbacksAreEvents() throws Exception {
        long pid;
        List<RecordedEvent> events;
        try (Recording recording = new Recording();
                Log _ = Log.open()) {
            recording.start();
            try (Brood brood = Brood.open()) {
                Child child = brood.spawn(Small.exit(3), (ended, exit) -> LockSupport.parkNanos(150_000_000));
                pid = child.pid();
                child.await();
                assertThatThrownBy(() -> brood.spawn(Command.of("/no/such/program")))
                        .isInstanceOf(SpawnException.class);
                brood.spawn(Small.exit(0), (ended, exit) -> {
                            throw new IllegalStateException("thrown for the test");
                        })
                        .await();
            }
            recording.stop();
            events = read(recording);
        }

        RecordedEvent start = of(events, "dev.brood.Spawn").getFirst();
        assertThat(start.getLong("pid")).isEqualTo(pid);
        assertThat(start.getDuration()).isPositive();
        assertThat(start.getString("failure")).isNull();
        assertThat(of(events, "dev.brood.Spawn"))
                .filteredOn(event -> event.getLong("pid") == -1)
                .singleElement()
                .satisfies(failed -> {
                    assertThat(failed.getString("program")).isEqualTo("program");
                    assertThat(failed.getString("failure")).contains("ENOENT");
                });
        RecordedEvent exit = of(events, "dev.brood.Exit").getFirst();
        assertThat(exit.getString("status")).isEqualTo("exited with error status 3");
        assertThat(exit.getString("ending")).isEqualTo("BY_ITSELF");
        assertThat(exit.getDuration("wallTime")).isPositive();
        assertThat(exit.getDuration("delay")).isPositive();
        assertThat(of(events, "dev.brood.SlowCallback").getFirst().getDuration())
                .isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(of(events, "dev.brood.Disaster").getFirst().getString("kind"))
                .isEqualTo("CALLBACK");
    }

    @Test
    void unknownAndRobbedChildrenAreEvents() throws Exception {
        List<RecordedEvent> events;
        try (Recording recording = new Recording();
                Log _ = Log.open();
                Orphanage _ = Orphanage.open();
                Gate gate = Gate.closed();
                EventLoop loop = EventLoop.create();
                Brood brood = Brood.builder()
                        .loop(loop)
                        .ownership(Ownership.everything((pid, status) -> UnknownChildHandler.Answer.MINE))
                        .grace(Duration.ZERO)
                        .build()) {
            recording.start();
            Child child = brood.spawn(Small.exit(0));
            WaitStatus _ = Meddling.bury(child.pid());
            child.await();
            Orphanage.leave(1, gate, 4);
            gate.open();
            while (brood.counters().orphans() == 0) {
                loop.runOnce(Duration.ofSeconds(1));
            }
            recording.stop();
            events = read(recording);
        }

        assertThat(of(events, "dev.brood.Disaster"))
                .extracting(event -> event.getString("kind"))
                .contains("ROBBED");
        assertThat(of(events, "dev.brood.UnknownChild"))
                .extracting(event -> event.getString("status"))
                .containsExactly("exited with error status 4");
    }

    @ParameterizedTest
    @CsvSource({"PT1H, 0", "PT0.000000001S, 1"})
    void thresholdLeavesOutTheStartsThatAreQuicker(Duration threshold, int written) throws Exception {
        List<RecordedEvent> events;
        try (Recording recording = new Recording()) {
            recording.enable("dev.brood.Spawn").withThreshold(threshold);
            recording.start();
            try (Brood brood = Brood.open()) {
                brood.spawn(Small.exit(0)).await();
            }
            recording.stop();
            events = read(recording);
        }

        assertThat(of(events, "dev.brood.Spawn")).hasSize(written);
        assertThat(of(events, "dev.brood.Exit")).hasSize(1);
    }

    @Test
    void everyEventSaysWhatItIs() throws Exception {
        FlightRecorder recorder = FlightRecorder.getFlightRecorder();
        try (Brood brood = Brood.open()) {
            brood.spawn(Small.exit(0)).await();
        }

        assertThat(recorder.getEventTypes())
                .filteredOn(type -> type.getName().startsWith("dev.brood."))
                .isNotEmpty()
                .allSatisfy(type -> {
                    assertThat(type.getCategoryNames()).containsExactly("Brood");
                    assertThat(type.getLabel()).isNotBlank();
                    assertThat(type.getDescription()).isNotBlank();
                    assertThat(type.getFields())
                            .allSatisfy(field -> assertThat(field.getLabel()).isNotBlank());
                });
    }

    @Test
    void nothingOfItIsLoadedWhereThereIsNoRecorder() throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(WithoutRecorder.class)
                .options("--limit-modules", "java.base", "-Xlog:class+load")
                .run();

        assertThat(result.code()).as(result.errors()).isZero();
        assertThat(result.output()).contains("dev.brood.engine.telling.Flight ").doesNotContain("FlightEvents");
    }

    static final class WithoutRecorder {
        public static void main(String[] arguments) throws Exception {
            try (Brood brood = Brood.open()) {
                Exit _ = brood.spawn(Command.of("/bin/true")).await();
            }
        }
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }

    private static List<RecordedEvent> read(Recording recording) throws Exception {
        Path file = Files.createTempFile("brood", ".jfr");
        try {
            recording.dump(file);
            return RecordingFile.readAllEvents(file);
        } finally {
            Files.delete(file);
        }
    }
}
