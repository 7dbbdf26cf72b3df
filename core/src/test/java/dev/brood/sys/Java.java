package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** JVMs of their own, for what must not be done to the one that runs the tests, or comes once a JVM. */
final class Java {
    private static final String EXECUTABLE =
            Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
    private static final String CLASSES = "target/classes";
    private static final String TESTS = "target/test-classes";
    private static final CStrings EMPTY = Text.strings();

    private Java() {}

    /** Runs a main class of the tests on the class path, with native access, to its end; gives its output. */
    static String run(Class<?> main, String... options) throws Exception {
        try (PosixSpawn start = new PosixSpawn()) {
            return run(start, EMPTY, main, options);
        }
    }

    /** The same with what {@code start} was told, in an environment. */
    static String run(PosixSpawn start, CStrings environment, Class<?> main, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("-cp", classPath(), main.getName()));
        return run(start, environment, arguments);
    }

    /** Runs java with nothing but these arguments. */
    static String run(List<String> arguments) throws Exception {
        try (PosixSpawn start = new PosixSpawn()) {
            return run(start, EMPTY, arguments);
        }
    }

    /** Runs a main class with what {@code first} holds before everything else on the class path. */
    static String runBehind(Path first, Class<?> main) throws Exception {
        return run(List.of("--enable-native-access=ALL-UNNAMED", "-cp", first + ":" + classPath(), main.getName()));
    }

    /** Where the classes of this module and its tests are. */
    static String classPath() {
        return CLASSES + ":" + TESTS;
    }

    private static String run(PosixSpawn start, CStrings environment, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("java", "-XX:TieredStopAtLevel=1"));
        command.addAll(arguments);
        try (Fd none = ShellChild.nothing();
                Pipe pipe = Pipe.open()) {
            start.dup2(none.number(), 0);
            start.dup2(pipe.writeEnd().number(), 1);
            start.dup2(pipe.writeEnd().number(), 2);
            start.closeAllBut(new TreeSet<>(List.of(0, 1, 2)));
            List<byte[]> words = Text.words(command.toArray(String[]::new));
            try (ShellChild java =
                    ShellChild.started(start.start(Text.bytes(EXECUTABLE), new CStrings(words), environment))) {
                pipe.writeEnd().close();
                String output = Text.readAll(pipe.readEnd());
                assertThat(java.reap().status()).as(output).isEqualTo(WaitStatus.exited(0));
                return output;
            }
        }
    }
}
