package dev.brood.cli;

import dev.brood.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The words of the command line, as bytes: Java's strings of them have lost what the locale cannot decode, the kernel's list has not.
 */
final class Words {
    private final List<byte[]> words;

    private Words(List<byte[]> words) {
        this.words = words;
    }

    /** The bytes of what {@code main} was given. */
    static Words of(String... arguments) {
        List<byte[]> all = kernel();
        boolean ours = all.size() > arguments.length
                && matches(all.subList(all.size() - arguments.length, all.size()), arguments);
        return new Words(ours ? all.subList(all.size() - arguments.length, all.size()) : encoded(arguments));
    }

    /** The last {@code count} words. */
    List<byte[]> last(int count) {
        return words.subList(words.size() - count, words.size());
    }

    /**
     * Parts words at each one that is {@code separator}.
     *
     * @throws IllegalArgumentException there is nothing before one, or after it
     */
    static List<List<byte[]>> parted(List<byte[]> words, String separator) {
        byte[] mark = separator.getBytes(StandardCharsets.US_ASCII);
        List<List<byte[]>> parts = new ArrayList<>(List.of(new ArrayList<>()));
        for (byte[] word : words) {
            if (Arrays.equals(word, mark)) {
                parts.add(new ArrayList<>());
            } else {
                parts.getLast().add(word);
            }
        }
        if (parts.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("no command beside a " + separator);
        }
        return parts;
    }

    /** Says words as a command, which the shell runs where it is a script without {@code #!}: so do timeout(1), env(1) and xargs(1). */
    static Command command(List<byte[]> words) {
        return Command.of(words.getFirst(), words.subList(1, words.size()).toArray(byte[][]::new))
                .orShell();
    }

    /** Whether these are the same words, as far as plain letters tell. */
    private static boolean matches(List<byte[]> bytes, String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            boolean plain = arguments[i].chars().allMatch(c -> c < 0x80);
            if (plain && !arguments[i].equals(new String(bytes.get(i), StandardCharsets.US_ASCII))) {
                return false;
            }
        }
        return true;
    }

    private static List<byte[]> encoded(String... arguments) {
        return Arrays.stream(arguments)
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** Each word ends with a NUL, proc(5). */
    private static List<byte[]> kernel() {
        List<byte[]> all = new ArrayList<>();
        try {
            byte[] line = Files.readAllBytes(Path.of("/proc/self/cmdline"));
            int start = 0;
            for (int i = 0; i < line.length; i++) {
                if (line[i] == 0) {
                    all.add(Arrays.copyOfRange(line, start, i));
                    start = i + 1;
                }
            }
        } catch (IOException noProc) {
            all.clear();
        }
        return all;
    }
}
