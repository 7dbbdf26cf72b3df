package dev.brood.bench;

import java.util.List;

/**
 * The same work for several.
 *
 * @param title what it is
 * @param figures what is looked at, the most important first
 * @param contestants ours first: all ratios are of its figures to those of another
 * @param targets what ours must reach
 */
record Row(String title, List<Figure> figures, List<Contestant> contestants, List<Target> targets) {
    Row(String title, List<Figure> figures, List<Contestant> contestants, Target... targets) {
        this(title, figures, contestants, List.of(targets));
    }
}
