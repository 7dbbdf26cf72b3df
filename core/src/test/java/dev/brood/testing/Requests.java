package dev.brood.testing;

import dev.brood.spawn.Arguments;
import dev.brood.spawn.Bytes;
import dev.brood.spawn.ChildSetup;
import dev.brood.spawn.Environment;
import dev.brood.spawn.SpawnRequest;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Requests to start a program with nothing special about it. */
public final class Requests {
    private Requests() {}

    /** {@return one to start a program, with its name as {@code argv[0]}, and what is given} */
    public static SpawnRequest of(
            List<String> commandLine,
            Environment environment,
            Optional<Path> directory,
            NavigableMap<Integer, Integer> descriptors) {
        return new SpawnRequest(
                Bytes.of(commandLine.getFirst()),
                new Arguments(commandLine.stream().map(Bytes::of).toList()),
                environment,
                directory.map(Bytes::of),
                Collections.emptyNavigableSet(),
                descriptors,
                OptionalLong.empty(),
                false,
                false,
                OptionalInt.empty(),
                ChildSetup.NONE);
    }
}
