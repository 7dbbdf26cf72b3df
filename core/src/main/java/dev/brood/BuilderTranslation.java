package dev.brood;

import dev.brood.spawn.Bytes;
import dev.brood.spawn.Environment;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Says in our words what a ProcessBuilder was told. */
final class BuilderTranslation {
    /** By which the JDK decodes names. */
    private static final Charset JDK = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

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
        boolean begunAnew = !own.isEmpty() && Collections.disjoint(own.entrySet(), wanted.entrySet());
        Command changed = begunAnew ? command.clearEnv() : without(command, wanted.keySet());
        for (Map.Entry<String, String> variable : wanted.entrySet()) {
            boolean same = Objects.equals(own.get(variable.getKey()), variable.getValue());
            changed = same ? changed : changed.env(variable.getKey(), variable.getValue());
        }
        return changed;
    }

    /** Takes the bytes of names, which the builder's strings may have lost. */
    private static Command without(Command command, Set<String> wanted) {
        Command changed = command;
        for (Bytes entry : Environment.inherited().entries()) {
            Optional<byte[]> name = name(entry.toArray());
            boolean removed = name.isPresent() && !wanted.contains(new String(name.get(), JDK));
            changed = removed ? changed.envRemove(name.get()) : changed;
        }
        return changed;
    }

    /** As the JDK reads it: one that begins with '=' has an empty name, and one without has none. */
    private static Optional<byte[]> name(byte[] entry) {
        for (int i = 0; i < entry.length; i++) {
            if (entry[i] == '=') {
                return Optional.of(Arrays.copyOf(entry, i));
            }
        }
        return Optional.empty();
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
