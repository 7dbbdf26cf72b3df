package dev.brood.bench;

import java.util.List;
import java.util.function.Supplier;

/**
 * Rows about one question.
 *
 * @param name as it is called on the command line
 * @param about the question
 * @param rows made when they are to be run; a quick run takes the first
 */
record Part(String name, String about, Supplier<List<Row>> rows) {}
