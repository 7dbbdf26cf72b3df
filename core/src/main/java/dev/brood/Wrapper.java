package dev.brood;

import static java.util.Objects.requireNonNull;

import dev.brood.spawn.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Another program that a command is run through, such as {@code systemd-run --scope --}, {@code nsenter -t PID -n --}, {@code srun},
 * {@code setpriv}, {@code docker exec NAME} or {@code ssh HOST}: see {@link Command#through}. A value.
 *
 * <p>Directory, environment, descriptors, limits and signals are the wrapper's: what reaches the command is up to it. The exit is the
 * wrapper's too: that of the command where the wrapper executes it in its own place or passes its status on. Most that pass it on say 128 + n
 * for a signal, which stays an exit code here: nobody can tell it from an {@code exit} with that number.
 *
 * @param words its program and arguments
 * @param shell whether it hands the command to a shell, and so gets it as one word, quoted
 */
public record Wrapper(List<Bytes> words, boolean shell) {
    private static final byte QUOTE = '\'';
    private static final byte[] QUOTED_QUOTE = "'\\''".getBytes(StandardCharsets.US_ASCII);

    /**
     * Takes a copy of the words.
     *
     * @throws IllegalArgumentException there is no program
     */
    public Wrapper {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a wrapper without a program");
        }
    }

    /** One that takes a command as further words of its own: all but those of {@link #shell(String, String...)}. */
    public static Wrapper of(String program, String... arguments) {
        requireNonNull(program, "program");
        return new Wrapper(words(program, arguments), false);
    }

    /** One that hands a command to a shell, as {@code ssh HOST} and {@code su -c} do: it gets all words as one, quoted. */
    public static Wrapper shell(String program, String... arguments) {
        requireNonNull(program, "program");
        return new Wrapper(words(program, arguments), true);
    }

    /** {@return its program, and how many arguments it has: they can hold secrets} */
    @Override
    public String toString() {
        return words.getFirst().text() + " (" + (words.size() - 1) + " arguments)";
    }

    /** The words that run a command through it. */
    List<Bytes> around(List<Bytes> command) {
        List<Bytes> line = new ArrayList<>(words);
        if (shell) {
            line.add(quoted(command));
        } else {
            line.addAll(command);
        }
        return line;
    }

    /** The command that such words run: what {@link #around} was given. */
    List<Bytes> within(List<Bytes> line) {
        return shell ? unquoted(line.getLast().toArray()) : line.subList(words.size(), line.size());
    }

    private static List<Bytes> words(String program, String... arguments) {
        List<Bytes> words = new ArrayList<>(arguments.length + 1);
        words.add(Words.of("program", program));
        for (String argument : arguments) {
            words.add(Words.of("argument", argument));
        }
        return words;
    }

    private static Bytes quoted(List<Bytes> command) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (Bytes word : command) {
            if (line.size() > 0) {
                line.write(' ');
            }
            quote(word.toArray(), line);
        }
        return Bytes.of(line.toByteArray());
    }

    /** Between quotes all is as it is; a quote itself is written outside of them. */
    private static List<Bytes> unquoted(byte[] line) {
        List<Bytes> command = new ArrayList<>();
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        boolean quoted = false;
        for (int i = 0; i < line.length; i++) {
            if (line[i] == QUOTE) {
                quoted = !quoted;
            } else if (quoted) {
                word.write(line[i]);
            } else if (line[i] == ' ') {
                command.add(Bytes.of(word.toByteArray()));
                word.reset();
            } else {
                word.write(line[++i]); // after a backslash
            }
        }
        command.add(Bytes.of(word.toByteArray()));
        return command;
    }

    private static void quote(byte[] word, ByteArrayOutputStream line) {
        line.write(QUOTE);
        for (byte one : word) {
            line.writeBytes(one == QUOTE ? QUOTED_QUOTE : new byte[] {one});
        }
        line.write(QUOTE);
    }
}
