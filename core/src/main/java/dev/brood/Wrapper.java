package dev.brood;

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
 */
public final class Wrapper {
    private static final byte QUOTE = '\'';
    private static final byte[] QUOTED_QUOTE = "'\\''".getBytes(StandardCharsets.US_ASCII);

    private final List<byte[]> words;
    private final boolean shell;

    private Wrapper(boolean shell, String program, String... arguments) {
        this.shell = shell;
        this.words = new ArrayList<>(List.of(Utf8.bytes("program", program)));
        for (String argument : arguments) {
            words.add(Utf8.bytes("argument", argument));
        }
    }

    /** One that takes a command as further words of its own: all but those of {@link #shell}. */
    public static Wrapper of(String program, String... arguments) {
        return new Wrapper(false, program, arguments);
    }

    /** One that hands a command to a shell, as {@code ssh HOST} and {@code su -c} do: it gets all words as one, quoted. */
    public static Wrapper shell(String program, String... arguments) {
        return new Wrapper(true, program, arguments);
    }

    /** The words that run a command through it. */
    List<byte[]> around(List<byte[]> command) {
        List<byte[]> line = new ArrayList<>(words);
        if (shell) {
            line.add(quoted(command));
        } else {
            line.addAll(command);
        }
        return line;
    }

    private static byte[] quoted(List<byte[]> command) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (byte[] word : command) {
            if (line.size() > 0) {
                line.write(' ');
            }
            quote(word, line);
        }
        return line.toByteArray();
    }

    private static void quote(byte[] word, ByteArrayOutputStream line) {
        line.write(QUOTE);
        for (byte one : word) {
            line.writeBytes(one == QUOTE ? QUOTED_QUOTE : new byte[] {one});
        }
        line.write(QUOTE);
    }

    /** {@return its program, and how many arguments it has} */
    @Override
    public String toString() {
        return new String(words.getFirst(), StandardCharsets.UTF_8) + " (" + (words.size() - 1) + " arguments)";
    }
}
