package dev.brood.spawn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.brood.micro.Cost;
import dev.brood.sys.ChildProgram;
import dev.brood.sys.Clone;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openjdk.jmh.annotations.Benchmark;

/** Writing a child's program of system calls. Nothing is started. */
public class ProgramCost extends Cost {
    private static final byte[] PATH = "/bin/true".getBytes(US_ASCII);
    private static final SpawnRequest INHERITING = request(Set.of(0, 1, 2), Map.of());
    private static final SpawnRequest GIVEN = request(Set.of(), Map.of(0, 10, 1, 11, 2, 12));

    /** One that has the standard streams of this process and sets nothing for itself. */
    @Benchmark
    public int inheriting() throws IOException {
        return written(INHERITING);
    }

    /** One that is given its three streams, as with pipes. */
    @Benchmark
    public int given() throws IOException {
        return written(GIVEN);
    }

    private static int written(SpawnRequest request) throws IOException {
        try (ChildProgram program = new ChildProgram();
                Sources sources = Sources.of(request);
                ProgramSteps steps = new ProgramSteps(program, request, PATH, sources)) {
            steps.write(Clone.CLONE3, SignalState.of(request));
            return program.size();
        }
    }

    private static SpawnRequest request(Set<Integer> inherited, Map<Integer, Integer> given) {
        return new SpawnRequest(
                Bytes.of(PATH),
                new Arguments(List.of(Bytes.of(PATH))),
                Environment.inherited(),
                Optional.empty(),
                new TreeSet<>(inherited),
                new TreeMap<>(given),
                OptionalLong.empty(),
                false,
                false,
                OptionalInt.empty(),
                ChildSetup.NONE);
    }
}
