package dev.brood.cli;

import dev.brood.Child;
import dev.brood.Exit;
import java.util.List;

/**
 * A command that has ended.
 *
 * @param line its words
 */
record Ended(List<byte[]> line, Child child, Exit exit) {}
