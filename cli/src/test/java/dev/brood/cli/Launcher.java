package dev.brood.cli;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The launcher that the build has made, if there was a C compiler. */
final class Launcher {
    private static final Path BUILT = Path.of("target", "launcher", "brood");

    private Launcher() {}

    /** Puts it there; without one, the test is aborted. */
    static void copyTo(Path place) throws IOException {
        if (!Files.isExecutable(BUILT)) {
            abort("no launcher was built: there is no C compiler named cc on the PATH");
        }
        Files.copy(BUILT, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }
}
