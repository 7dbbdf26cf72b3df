package dev.brood.testing;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.SpawnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small programs in C, for what no shell can do. Compiled when asked for. */
public final class CProgram {
    private static final Path SOURCES = Path.of("src", "test", "c");
    private static final Path COMPILED = Path.of("target", "test-c");

    private CProgram() {}

    /** {@return the program compiled from the source of that name; without a C compiler, the test is aborted} */
    public static String compiled(String name) throws IOException, InterruptedException {
        Path program = Files.createDirectories(COMPILED).resolve(name).toAbsolutePath();
        String source = SOURCES.resolve(name + ".c").toString();
        try (Brood brood = Brood.open()) {
            brood.run(Command.of("cc", "-Wall", "-Werror", "-pthread", "-o", program.toString(), source))
                    .check();
        } catch (SpawnException missing) {
            abort("no C compiler here: " + missing.getMessage());
        }
        return program.toString();
    }
}
