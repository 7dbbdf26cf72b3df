package dev.brood.testing;

import dev.brood.sys.Wait;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a main class of the tests in a JVM of its own, for what would harm this one: another user, locale or limit, a full descriptor
 * table, closed standard descriptors. The library is on its class path. Immutable.
 *
 * @param main the class to run
 * @param prefix a command line that runs the one which follows it, such as setpriv or prlimit with options
 * @param options options of the JVM
 * @param environment the whole environment, or null for this JVM's
 */
public record ForkedJvm(
        Class<?> main,
        List<String> prefix,
        List<String> options,
        @Nullable Map<String, String> environment) {
    private static final int PATIENCE_SECONDS = 50;

    /**
     * What came of it.
     *
     * @param code the exit code of the JVM
     * @param output what it wrote to its standard output, as UTF-8
     * @param errors what it wrote to its standard error output, as UTF-8
     */
    public record Result(int code, String output, String errors) {
        /** {@return the lines of its output, of a run that went well} */
        public List<String> lines() {
            if (code != 0) {
                throw new AssertionError("the forked JVM ended with " + code + ": " + output + errors);
            }
            return output.lines().toList();
        }
    }

    /** A JVM with one heap of small size and few threads. */
    public static ForkedJvm of(Class<?> main) {
        return new ForkedJvm(main, List.of(), List.of("-XX:+UseSerialGC", "-Xmx256m", "-XX:TieredStopAtLevel=1"), null);
    }

    /** Runs it by way of another program, which is inside of those given before. */
    public ForkedJvm under(String... program) {
        return new ForkedJvm(main, joined(prefix, List.of(program)), options, environment);
    }

    /** Gives the JVM further options. */
    public ForkedJvm options(String... more) {
        return new ForkedJvm(main, prefix, joined(options, List.of(more)), environment);
    }

    /** Gives it these variables and no others. */
    public ForkedJvm environment(Map<String, String> variables) {
        return new ForkedJvm(main, prefix, options, Map.copyOf(variables));
    }

    /** Loads all classes of the library, in the forked JVM, where later there will be no descriptors to open class files with. */
    public static void loadLibrary() throws IOException, ReflectiveOperationException {
        Path classes = Path.of(
                Wait.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.toList()) {
                String name = classes.relativize(file).toString().replace('/', '.');
                if (name.startsWith("dev.brood") && name.endsWith(".class") && !name.endsWith("-info.class")) {
                    load(Class.forName(name.substring(0, name.length() - ".class".length())));
                }
            }
        }
    }

    /** Has a class initialised. */
    public static void load(Class<?> some) throws ReflectiveOperationException {
        Class<?> _ = Class.forName(some.getName());
    }

    /** Runs it with nothing to read. */
    public Result run(String... arguments) throws IOException, InterruptedException {
        return run(new byte[0], arguments);
    }

    /** Runs it with something to read. */
    public Result run(byte[] input, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(commandLine(arguments)).redirectError(Redirect.PIPE);
        if (environment != null) {
            builder.environment().clear();
            builder.environment().putAll(environment);
        }
        Process jvm = builder.start();
        try {
            CompletableFuture<byte[]> output = CompletableFuture.supplyAsync(() -> all(jvm.getInputStream()));
            CompletableFuture<byte[]> errors = CompletableFuture.supplyAsync(() -> all(jvm.getErrorStream()));
            feed(jvm, input);
            if (!jvm.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the forked JVM hangs: " + String.join(" ", commandLine(arguments)));
            }
            return new Result(jvm.exitValue(), text(output.join()), text(errors.join()));
        } finally {
            jvm.destroyForcibly();
        }
    }

    /** The command line that {@link #run} starts, for a test that starts it in its own way. */
    public List<String> commandLine(String... arguments) {
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--illegal-native-access=deny");
        List<String> program = List.of("-cp", classPath(), main.getName());
        return joined(joined(joined(joined(prefix, java), options), program), List.of(arguments));
    }

    /** This JVM's class path and module path; those that another user may not read do no harm. */
    private static String classPath() {
        Stream<String> known = Stream.of("java.class.path", "jdk.module.path")
                .flatMap(property ->
                        Arrays.stream(System.getProperty(property, "").split(File.pathSeparator, -1)));
        return Stream.concat(Stream.of("target/classes", "target/test-classes"), known)
                .filter(entry -> !entry.isEmpty() && Files.exists(Path.of(entry)))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static void feed(Process jvm, byte[] input) throws IOException {
        try (OutputStream stdin = jvm.getOutputStream()) {
            stdin.write(input);
        }
    }

    private static byte[] all(InputStream stream) {
        try (stream) {
            return stream.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }
}
