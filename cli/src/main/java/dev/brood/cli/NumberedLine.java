package dev.brood.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of a file that says something.
 *
 * @param text without the blanks around it; each char is one byte, for a file may be in any encoding
 */
record NumberedLine(Path file, int number, String text) {
    private static final int LARGEST = 1024 * 1024; // bytes
    private static final String UTF_8_MARK = "\u00ef\u00bb\u00bf"; // some editors begin with it
    private static final int SHOWN = 40;

    /**
     * All of a file.
     *
     * @throws IllegalArgumentException it cannot be read, or is something else
     */
    static List<NumberedLine> of(Path file) {
        List<NumberedLine> lines = new ArrayList<>();
        int number = 0;
        for (String line : text(file).split("\n", -1)) {
            number++;
            String text = line.strip();
            if (!text.isEmpty() && text.charAt(0) != '#') {
                lines.add(new NumberedLine(file, number, text));
            }
        }
        return lines;
    }

    private static String text(Path file) {
        String text = latin(file);
        if (text.startsWith("\u00ff\u00fe") || text.startsWith("\u00fe\u00ff")) {
            throw new IllegalArgumentException(file + " is in UTF-16: it has to be in UTF-8");
        }
        if (text.length() > LARGEST) {
            throw new IllegalArgumentException(file + " is larger than 1 MiB: it is something else");
        }
        return text.startsWith(UTF_8_MARK) ? text.substring(UTF_8_MARK.length()) : text;
    }

    private static String latin(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return new String(stream.readNBytes(LARGEST + 1), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException missing) {
            throw new IllegalArgumentException("there is no " + file, missing);
        } catch (IOException cannotRead) {
            throw new IllegalArgumentException("cannot read " + file + ": " + Reason.of(cannotRead), cannotRead);
        }
    }

    /** What is wrong with it, and what it is, but for what comes after a {@code =}: it can be a secret. */
    IllegalArgumentException wrong(String what) {
        int end = Math.min(text.indexOf('=') + 1, SHOWN);
        int shown = end > 0 ? end : Math.min(text.length(), SHOWN);
        String found = Shown.bytes(text.substring(0, shown).getBytes(StandardCharsets.ISO_8859_1));
        String more = shown < text.length() ? "..." : "";
        return new IllegalArgumentException(file + ", line " + number + " " + what + ": " + found + more);
    }
}
