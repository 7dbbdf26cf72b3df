package dev.brood.engine.streams;

import dev.brood.Stdio;
import dev.brood.spawn.Bytes;
import dev.brood.sys.Fd;

/**
 * The JVM's end of a child's pipe or terminal, before anybody uses it.
 *
 * @param number the child's number for the other
 * @param reads whether the JVM reads
 * @param what the command says of it
 * @param terminal whether it is of a terminal
 * @param farewell what to write at the end
 */
public record OurEnd(int number, Fd fd, boolean reads, Stdio what, boolean terminal, Bytes farewell) {}
