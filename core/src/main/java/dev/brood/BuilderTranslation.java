package dev.brood;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.util.Map;
import java.util.Objects;

/** Says in our words what a ProcessBuilder was told. */
final class BuilderTranslation {
    private BuilderTranslation() {}

    static Command command(ProcessBuilder builder) {
        Command command = Command.of(builder.command()).orShell();
        File directory = builder.directory();
        command = directory == null ? command : command.directory(directory.toPath());
        command = environment(command, builder.environment());
        command = redirected(command, 0, builder.redirectInput());
        command = redirected(command, 1, builder.redirectOutput());
        return builder.redirectErrorStream() ? command.mergeStderr() : redirected(command, 2, builder.redirectError());
    }

    /** Only what differs from the JVM's own: its strings may have lost bytes that the locale does not know. */
    private static Command environment(Command command, Map<String, String> wanted) {
        Map<String, String> own = System.getenv();
        Command changed = command;
        for (String name : own.keySet()) {
            changed = wanted.containsKey(name) ? changed : changed.envRemove(name);
        }
        for (Map.Entry<String, String> variable : wanted.entrySet()) {
            boolean same = Objects.equals(own.get(variable.getKey()), variable.getValue());
            changed = same ? changed : changed.env(variable.getKey(), variable.getValue());
        }
        return changed;
    }

    private static Command redirected(Command command, int number, Redirect redirect) {
        File file = redirect.file();
        return switch (redirect.type()) {
            case PIPE -> command;
            case INHERIT -> command.fd(number, Stdio.inherit());
            case READ ->
                command.fd(number, Stdio.read(Objects.requireNonNull(file).toPath()));
            case WRITE ->
                command.fd(number, Stdio.write(Objects.requireNonNull(file).toPath()));
            case APPEND ->
                command.fd(number, Stdio.append(Objects.requireNonNull(file).toPath()));
        };
    }
}
