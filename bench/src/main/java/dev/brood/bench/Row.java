package dev.brood.bench;

import java.util.List;

/**
 * The same work for several.
 *
 * @param title what it is
 * @param figures what is looked at, the most important first
 * @param contestants ours first: all ratios are of its figures to those of another
 * @param targets what ours must reach
 * @param together whether they live side by side and take turns; otherwise one follows the other, for the children of all would be too many
 */
record Row(String title, List<Figure> figures, List<Contestant> contestants, List<Target> targets, boolean together) {
    Row(String title, List<Figure> figures, List<Contestant> contestants, List<Target> targets) {
        this(title, figures, contestants, targets, true);
    }

    Row(String title, List<Figure> figures, List<Contestant> contestants, Target... targets) {
        this(title, figures, contestants, List.of(targets));
    }

    /** {@return the same, with contestants that follow each other} */
    Row apart() {
        return new Row(title, figures, contestants, targets, false);
    }
}
