package dev.brood.cli;

import dev.brood.Command;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** A command with places for an argument: each {@code {}} in its words, or one more word at the end where there is none. */
final class Template {
    private final List<byte[]> words;
    private final boolean appends;

    Template(List<byte[]> words) {
        this.words = words;
        this.appends = words.stream().noneMatch(word -> place(word, 0) >= 0);
    }

    /** Whether every command made of it is the same program. */
    boolean hasFixedProgram() {
        return place(words.getFirst(), 0) < 0;
    }

    /** The command for one argument. */
    Command with(byte[] argument) {
        List<byte[]> filled = new ArrayList<>(words.size() + 1);
        for (byte[] word : words) {
            filled.add(place(word, 0) < 0 ? word : filled(word, argument));
        }
        if (appends) {
            filled.add(argument);
        }
        return Words.command(filled);
    }

    private static byte[] filled(byte[] word, byte[] argument) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        int start = 0;
        for (int at = place(word, 0); at >= 0; at = place(word, start)) {
            result.write(word, start, at - start);
            result.writeBytes(argument);
            start = at + 2;
        }
        result.write(word, start, word.length - start);
        return result.toByteArray();
    }

    /** Where {@code {}} stands from {@code start} on, or -1. */
    private static int place(byte[] word, int start) {
        for (int i = start; i + 1 < word.length; i++) {
            if (word[i] == '{' && word[i + 1] == '}') {
                return i;
            }
        }
        return -1;
    }
}
