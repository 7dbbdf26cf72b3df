package dev.brood.testing;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.brood.Brood;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.SpawnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Small programs in C, for what no shell can do. Compiled when asked for. */
public final class CProgram {
    private static final Path SOURCES = Path.of("src", "test", "c");
    private static final Path COMPILED = Path.of("target", "test-c");

    private CProgram() {}

    /** {@return the program compiled from the source of that name; without a C compiler, the test is aborted} */
    public static String compiled(String name) throws IOException, InterruptedException {
        Path program = target(name);
        try {
            compile(name, program, "-pthread").check();
        } catch (SpawnException missing) {
            abort("no C compiler here: " + missing.getMessage());
        }
        return program.toString();
    }

    /** {@return the same without libc, made once for all JVMs; empty if there is no C compiler or it cannot} */
    static Optional<String> bare(String name) throws IOException, InterruptedException {
        Path program = target(name);
        if (!isCurrent(program, name)) {
            Path made = Files.createTempFile(COMPILED, name, "");
            try {
                if (!compile(name, made, "-O1", "-static", "-nostdlib", "-ffreestanding", "-fno-stack-protector")
                        .status()
                        .success()) {
                    return Optional.empty();
                }
                Files.move(made, program, StandardCopyOption.ATOMIC_MOVE); // others may be running it
            } catch (SpawnException missing) {
                return Optional.empty();
            } finally {
                Files.deleteIfExists(made);
            }
        }
        return Optional.of(program.toString());
    }

    private static Collected compile(String name, Path program, String... options)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(options));
        words.addAll(List.of(
                "-Wall", "-Werror", "-o", program.toString(), source(name).toString()));
        try (Brood brood = Brood.open()) {
            return brood.run(Command.of("cc", words.toArray(String[]::new)));
        }
    }

    private static boolean isCurrent(Path program, String name) throws IOException {
        return Files.exists(program)
                && Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source(name))) >= 0;
    }

    private static Path source(String name) {
        return SOURCES.resolve(name + ".c");
    }

    private static Path target(String name) throws IOException {
        return Files.createDirectories(COMPILED).resolve(name).toAbsolutePath();
    }
}
