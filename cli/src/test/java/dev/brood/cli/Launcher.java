package dev.brood.cli;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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

    /** Makes a checkout with an image in a folder: its script. The image runs the classes of this build on the JDK of this JVM. */
    static Path checkout(Path folder) throws IOException {
        Path image = Files.createDirectories(folder.resolve("cli/target/image"));
        Files.createDirectories(image.resolve("bin"));
        copyTo(image(folder));
        List<String> modules = new ArrayList<>();
        for (String place : Program.classPath().split(File.pathSeparator, -1)) {
            modules.add(readable(Path.of(place), image).toString());
        }
        List<String> start = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path=" + String.join(File.pathSeparator, modules),
                "--enable-native-access=dev.brood",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto");
        Files.write(image.resolve("start"), start);
        return Files.copy(Path.of("..", "brood"), folder.resolve("brood"), StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** The launcher of a checkout. */
    static Path image(Path checkout) {
        return checkout.resolve("cli/target/image/bin/brood");
    }

    /** A program in C of the tests, compiled; without a compiler, the test is aborted. */
    static Path compiled(Path source, Path folder) throws IOException, InterruptedException {
        String name = source.getFileName().toString();
        Path program = folder.resolve(name.substring(0, name.indexOf('.')));
        List<String> line = List.of("cc", "-O1", "-Wall", "-Werror", "-o", program.toString(), source.toString());
        if (Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .noneMatch(place -> Files.isExecutable(Path.of(place, "cc")))) {
            abort("no C compiler named cc on the PATH to build " + name + " with");
        }
        Process cc = new ProcessBuilder(line).inheritIO().start();
        if (cc.waitFor() != 0) {
            throw new AssertionError(name + " cannot be compiled");
        }
        return program;
    }

    /** Jars lie where another user may not look. */
    private static Path readable(Path place, Path image) throws IOException {
        if (!Files.isRegularFile(place)) {
            return place.toAbsolutePath();
        }
        return Files.copy(place, image.resolve(place.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
}
