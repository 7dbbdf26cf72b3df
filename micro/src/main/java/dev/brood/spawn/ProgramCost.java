package dev.brood.spawn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.brood.micro.Cost;
import dev.brood.sys.ChildProgram;
import dev.brood.sys.ChildProgram.Clone;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.openjdk.jmh.annotations.Benchmark;

/** Writing a child's program of system calls. Nothing is started. */
public class ProgramCost extends Cost {
    private static final byte[] PATH = "/bin/true".getBytes(US_ASCII);

    private final SpawnRequest request = new SpawnRequest(
            PATH,
            new Arguments(List.of(PATH)),
            Environment.inherited(),
            Optional.empty(),
            new TreeMap<>(Map.of(0, 0, 1, 1, 2, 2)),
            OptionalLong.empty(),
            false,
            false,
            OptionalInt.empty(),
            ChildSetup.NONE);

    /** One that inherits the standard streams and sets nothing for itself. */
    @Benchmark
    public int plain() throws IOException {
        try (ChildProgram program = new ChildProgram();
                Sources sources = Sources.of(request);
                ProgramSteps steps = new ProgramSteps(program, request, PATH, sources)) {
            steps.write(Clone.CLONE3, SignalState.of(request));
            return program.size();
        }
    }
}
