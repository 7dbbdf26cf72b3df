package dev.brood.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/observing.md shows of the example is in its recording. */
class ObservedTest {
    @TempDir
    Path directory;

    @Test
    void recordingHoldsWhatWentWrong() throws Exception {
        Path file = directory.resolve("observed.jfr");
        String text;
        try (Recording recording = new Recording()) {
            recording.start();
            text = Printed.by(() -> Observed.main(new String[] {"3"}));
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);

        assertThat(text).contains("cannot start sort", "started=6, failedStarts=1");
        assertThat(of(events, "dev.brood.Spawn")).hasSize(7);
        assertThat(of(events, "dev.brood.Exit"))
                .hasSize(6)
                .filteredOn(exit -> exit.getString("ending").equals("DEADLINE"))
                .singleElement()
                .satisfies(exit -> assertThat(exit.getString("program")).isEqualTo("sleep"));
        assertThat(of(events, "dev.brood.SlowCallback"))
                .singleElement()
                .satisfies(slow -> assertThat(slow.getString("title")).startsWith("true ["));
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }
}
