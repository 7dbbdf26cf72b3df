package dev.brood.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a row has yielded.
 *
 * @param row the row
 * @param turns the figures of each contestant that could do the work, turn by turn
 * @param leftOut why the others could not
 */
record Result(Row row, Map<String, List<double[]>> turns, Map<String, String> leftOut) {
    /**
     * One line of a table.
     *
     * @param figure of what
     * @param contestant of whom
     * @param seen its numbers
     * @param ratio ours to its, of neighbouring turns; none for ours
     * @param target what the ratio, or ours itself, must reach
     */
    record Line(Figure figure, String contestant, Spread seen, Optional<Spread> ratio, Optional<Target> target) {
        /** {@return whether the target is met; true without one} */
        boolean met() {
            return target.isEmpty() || target.get().metBy(ratio.orElse(seen).median());
        }
    }

    Result(Row row) {
        this(row, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (Figure figure : row.figures()) {
            turns.keySet().forEach(name -> lines.add(line(figure, name)));
        }
        return lines;
    }

    private Line line(Figure figure, String name) {
        Optional<Spread> ratio = isOurs(name) || !figure.compared() ? Optional.empty() : ratio(figure, name);
        Optional<String> against = isOurs(name) ? Optional.empty() : Optional.of(name);
        Optional<Target> target = row.targets().stream()
                .filter(each -> each.figure().equals(figure) && each.against().equals(against))
                .findFirst();
        return new Line(
                figure,
                name,
                Spread.of(column(figure, name)),
                ratio,
                target.filter(each -> isOurs(name) || ratio.isPresent()));
    }

    private boolean isOurs(String name) {
        return name.equals(row.contestants().getFirst().name());
    }

    private List<Double> column(Figure figure, String name) {
        return turns.getOrDefault(name, List.of()).stream()
                .map(numbers -> numbers[figure.index()])
                .toList();
    }

    /** Of neighbours, so that whatever else the machine did in that time is in both. */
    private Optional<Spread> ratio(Figure figure, String name) {
        List<Double> ours = column(figure, row.contestants().getFirst().name());
        List<Double> theirs = column(figure, name);
        List<Double> ratios = new ArrayList<>();
        for (int turn = 0; turn < Math.min(ours.size(), theirs.size()); turn++) {
            if (theirs.get(turn) > 0) {
                ratios.add(ours.get(turn) / theirs.get(turn));
            }
        }
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
    }
}
