package dev.brood.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the tables and the plot say for known numbers. */
@Timeout(10)
class ReportTest {
    private static final Contestant OURS = contestant("ours");
    private static final Contestant THEIRS = contestant("theirs <&>");

    @Test
    void ratioIsTheMedianOfThoseOfNeighbours() {
        Result result = seen(List.of(100.0, 300.0, 200.0), List.of(100.0, 100.0, 100.0));

        assertThat(result.lines().getLast().ratio()).contains(new Spread(2, 1, 3));
    }

    @Test
    void targetOfARatioIsJudgedByIts() {
        Result result = seen(List.of(200.0), List.of(100.0), Target.atLeast(Figure.STARTS, THEIRS.name(), 2.5));

        assertThat(Report.text("part", result)).contains("≥ 2.50     MISSED");
        assertThat(Report.markdown(result))
                .contains("| theirs <&> | 100 | 100 | 100 | 2.00 | 2.00 | 2.00 | ≥ 2.50 | MISSED |");
    }

    @Test
    void targetOfTheFigureItselfIsJudgedByOurs() {
        Result result = seen(List.of(200.0), List.of(900.0), Target.atMost(Figure.STARTS, 200));

        assertThat(result.lines().getFirst().met()).isTrue();
        assertThat(Report.markdown(result)).contains("| ours | 200 | 200 | 200 |  |  |  | ≤ 200 | met |");
    }

    @Test
    void nothingIsComparedWithNothing() {
        Result result = seen(List.of(200.0), List.of(0.0), Target.atLeast(Figure.STARTS, THEIRS.name(), 1));

        assertThat(result.lines().getLast().ratio()).isEmpty();
        assertThat(result.lines().getLast().target()).isEmpty();
    }

    @Test
    void whoIsLeftOutIsNamedWithTheReason() {
        Result result = new Result(new Row("title", List.of(Figure.STARTS), List.of(OURS, THEIRS)));
        result.leftOut().put(THEIRS.name(), "cannot");

        assertThat(Report.text("part", result)).contains("left out: theirs <&>: cannot");
        assertThat(Report.markdown(result)).contains("Left out: theirs <&>: cannot");
    }

    @Test
    void jsonHasEachLineWhole() {
        Result result = seen(List.of(200.0), List.of(100.0), Target.atLeast(Figure.STARTS, THEIRS.name(), 1));

        assertThat(Json.of(Map.of("a \"b\"", "c\\d"), Map.of("part", List.of(result))))
                .contains("{\"a \\\"b\\\"\": \"c\\\\d\"}")
                .contains("\"subject\": \"theirs <&>\", \"seen\": {\"median\": 100.0000")
                .contains("\"ratio\": {\"median\": 2.0000")
                .contains("\"target\": \"≥ 1\", \"met\": true}");
    }

    @Test
    void plotHasABarForEachAndTheLongestFillsIt() {
        String svg = Plot.svg("a part", List.of(seen(List.of(200.0), List.of(100.0))));

        assertThat(svg)
                .contains("width=\"420.0\"")
                .contains("width=\"210.0\"")
                .contains("theirs &lt;&amp;&gt;")
                .startsWith("<svg")
                .endsWith("</svg>" + System.lineSeparator());
    }

    private static Result seen(List<Double> ours, List<Double> theirs, Target... targets) {
        Result result = new Result(new Row("title", List.of(Figure.STARTS), List.of(OURS, THEIRS), targets));
        result.turns().put(OURS.name(), turns(ours));
        result.turns().put(THEIRS.name(), turns(theirs));
        return result;
    }

    private static List<double[]> turns(List<Double> seen) {
        return seen.stream().map(number -> new double[] {number}).toList();
    }

    private static Contestant contestant(String name) {
        return new Contestant(
                name,
                brood -> {
                    throw new Turns.CannotException("plays in no test");
                },
                false);
    }
}
