package dev.brood.cli;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The program as a user runs it: a process of its own. */
final class Program {
    /** What came of one run. */
    record Result(int status, String out, String err) {}

    private Program() {}

    /** Runs it with nothing to read. */
    static Result brood(String... arguments) throws IOException, InterruptedException {
        return brood(new byte[0], arguments);
    }

    /** Runs it with something to read. */
    static Result brood(byte[] input, String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("brood", ".out");
        Path err = Files.createTempFile("brood", ".err");
        try {
            Process process = start(out, err, arguments);
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input);
            } catch (IOException endedEarly) {
                // it may end without reading
            }
            int status = process.waitFor();
            return new Result(status, Files.readString(out, StandardCharsets.ISO_8859_1), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Starts it, its output going to files. */
    static Process start(Path out, Path err, String... arguments) throws IOException {
        List<String> line = line();
        line.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(line)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    /** What it takes to start it: with signals as a terminal has them, for a build in the background ignores some. */
    static List<String> line() {
        return new ArrayList<>(List.of(
                "env",
                "--default-signal=HUP,INT,QUIT,TERM",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                "dev.brood.cli.Main"));
    }

    /** What it takes to start it as the launcher does for {@code init}: signals are left to us. */
    static List<String> initLine() {
        List<String> line = line();
        line.add(2, "_JAVA_SR_SIGNUM=16"); // after the options of env
        line.addAll(line.indexOf("-cp"), List.of("-Xrs", "-XX:+DisableAttachMechanism", "-Dbrood.suspend=16"));
        return line;
    }

    /** Tests run on the module path; a class path of the same places will do. */
    static String classPath() {
        return Stream.of("java.class.path", "jdk.module.path")
                .map(System::getProperty)
                .filter(Objects::nonNull)
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
