package dev.brood.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the words on the command line mean. */
@Timeout(10)
class ChoiceTest {
    private static final List<Part> ALL = Stream.of("flight", "delay", "bytes")
            .map(name -> new Part(name, name, ChoiceTest::twoRows))
            .toList();

    @Test
    void withoutANameAllIsMeant() {
        assertThat(Choice.of(List.of()).among(ALL)).isEqualTo(ALL);
    }

    @Test
    void aGroupIsItsParts() {
        assertThat(Choice.of(List.of("limit")).among(ALL))
                .extracting(Part::name)
                .containsExactly("flight", "delay");
    }

    @Test
    void anUnknownNameIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> Choice.of(List.of("--quick", "flihgt")).among(ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no part flihgt; there are flight, delay, bytes");
    }

    @Test
    void quickRunsTheFirstRowOfAPart() {
        assertThat(Choice.of(List.of("--quick")).rows(ALL.getFirst())).hasSize(1);
        assertThat(Choice.of(List.of()).rows(ALL.getFirst())).hasSize(2);
    }

    private static List<Row> twoRows() {
        Row row = new Row("title", List.of(Figure.STARTS), List.of());
        return List.of(row, row);
    }
}
