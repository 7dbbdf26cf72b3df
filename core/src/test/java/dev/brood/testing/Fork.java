package dev.brood.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM with our classes, for what a test cannot do to its own. Started by the JDK, so that the two share nothing. */
public final class Fork {
    private static final String CLASSES =
            Path.of("target", "classes").toAbsolutePath().toString();
    private static final String TESTS =
            Path.of("target", "test-classes").toAbsolutePath().toString();
    private static final long PATIENCE = 50;

    private final List<String> before = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private boolean asModule;
    private boolean access = true;

    /** What came of it. */
    public record Ended(int code, List<String> out, List<String> err) {}

    /** Options of the JVM. */
    public Fork with(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** A program that runs the JVM, with its arguments. */
    public Fork under(String... program) {
        before.addAll(List.of(program));
        return this;
    }

    /** With our classes as the module, not on the class path. */
    public Fork asModule() {
        asModule = true;
        return this;
    }

    /** Without the option that allows native access. */
    public Fork withoutAccess() {
        access = false;
        return this;
    }

    /** Everything that is logged goes to standard error, as lines such as "WARNING dev.brood text". DEBUG is called FINE there. */
    public Fork logging() {
        try {
            Path config = Files.createTempFile("brood-logging", ".properties");
            config.toFile().deleteOnExit();
            Files.writeString(config, """
                    handlers = java.util.logging.ConsoleHandler
                    dev.brood.level = ALL
                    java.util.logging.ConsoleHandler.level = ALL
                    java.util.logging.SimpleFormatter.format = %4$s %3$s %5$s%6$s%n
                    """);
            return with("-Djava.util.logging.config.file=" + config);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Runs a main method to its end. */
    public Ended run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("brood-fork", ".out");
        Path err = Files.createTempFile("brood-fork", ".err");
        try {
            Process jvm = new ProcessBuilder(commandLine(main, arguments))
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            boolean ended = jvm.waitFor(PATIENCE, TimeUnit.SECONDS);
            jvm.descendants().forEach(ProcessHandle::destroyForcibly);
            jvm.destroyForcibly();
            int code = jvm.waitFor();
            assertThat(ended)
                    .as("the forked JVM ended; it said %s %s", Files.readString(out), Files.readString(err))
                    .isTrue();
            return new Ended(code, Files.readAllLines(out), Files.readAllLines(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private List<String> commandLine(Class<?> main, String... arguments) {
        List<String> line = new ArrayList<>(before);
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        line.addAll(options);
        if (access) {
            line.add("--enable-native-access=" + (asModule ? "dev.brood" : "ALL-UNNAMED"));
        }
        if (asModule) {
            line.addAll(List.of("--module-path", CLASSES, "--patch-module", "dev.brood=" + TESTS));
            line.addAll(List.of("--module", "dev.brood/" + main.getName()));
        } else {
            line.addAll(List.of("-cp", CLASSES + ":" + TESTS, main.getName()));
        }
        line.addAll(List.of(arguments));
        return line;
    }
}
