package dev.brood.cli;

import java.io.IOException;
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
    /**
     * All of a file.
     *
     * @throws IllegalArgumentException it cannot be read
     */
    static List<NumberedLine> of(Path file) {
        try {
            List<NumberedLine> lines = new ArrayList<>();
            int number = 0;
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                number++;
                String text = line.strip();
                if (!text.isEmpty() && text.charAt(0) != '#') {
                    lines.add(new NumberedLine(file, number, text));
                }
            }
            return lines;
        } catch (NoSuchFileException missing) {
            throw new IllegalArgumentException("there is no " + file, missing);
        } catch (IOException cannotRead) {
            throw new IllegalArgumentException("cannot read " + file, cannotRead);
        }
    }

    IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(file + ", line " + number + " " + what);
    }
}
