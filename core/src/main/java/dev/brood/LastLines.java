package dev.brood;

import dev.brood.spawn.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** The last lines that a command wrote, for a message: few, and with nothing in them that a terminal would obey. */
final class LastLines {
    private static final int MOST = 500; // characters that help in a message
    private static final int BYTES = 4096; // in which they are looked for

    private LastLines() {}

    static String of(Pieces output) {
        String text = new String(output.last(BYTES), StandardCharsets.UTF_8).strip();
        String shown = text.lines().map(Bytes::shown).collect(Collectors.joining("\n"));
        return shown.substring(Math.max(0, shown.length() - MOST));
    }
}
