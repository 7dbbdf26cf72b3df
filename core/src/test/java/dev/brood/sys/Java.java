package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** JVMs of their own, for what must not be done to the one that runs the tests, or comes once a JVM. */
final class Java {
    private static final String CLASSES = "target/classes";
    private static final String TESTS = "target/test-classes";

    private Java() {}

    /** Runs a main class of the tests on the class path, with native access, to its end; gives its output. */
    static String run(Class<?> main, String... options) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED"));
        all.addAll(List.of(options));
        all.addAll(List.of("-cp", CLASSES + ":" + TESTS, main.getName()));
        return start(all);
    }

    /** The same with what {@code first} holds before everything else on the class path. */
    static String runWith(Path first, Class<?> main) throws IOException, InterruptedException {
        return start(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                first + ":" + CLASSES + ":" + TESTS,
                main.getName()));
    }

    /** Runs java with nothing but these arguments. */
    static String start(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(executable().toString(), "-Xshare:auto", "-XX:TieredStopAtLevel=1"));
        command.addAll(arguments);
        Process java = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor()).as(output).isZero();
        return output;
    }

    /** The java that runs the tests. */
    static Path executable() {
        return Path.of(System.getProperty("java.home", ""), "bin", "java");
    }
}
