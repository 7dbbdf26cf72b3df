package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.Stdio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The terminal that this program was started on, if there is one. What is to be known of it and done to it, stty(1) does. */
final class OwnTerminal {
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,4}) ([1-9]\\d{0,4})");

    private OwnTerminal() {}

    /** How large a terminal is. */
    record Size(int rows, int columns) {
        static final Size USUAL = new Size(24, 80);
    }

    /** Whether one of this program's descriptors is a terminal. */
    static boolean isOn(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException closed) {
            return false;
        }
    }

    /** How large it is; empty where there is none, or it does not know. */
    static Optional<Size> size(Brood brood) throws InterruptedException {
        int descriptor = IntStream.rangeClosed(0, 2)
                .filter(OwnTerminal::isOn)
                .findFirst()
                .orElse(-1);
        if (descriptor < 0) {
            return Optional.empty();
        }
        try {
            Matcher size = SIZE.matcher(stty(brood, descriptor, "size"));
            return size.matches()
                    ? Optional.of(new Size(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2))))
                    : Optional.empty();
        } catch (IOException noStty) {
            return Optional.empty();
        }
    }

    /** Runs stty(1) on the terminal of a descriptor: what it prints. */
    static String stty(Brood brood, int descriptor, String... arguments) throws IOException, InterruptedException {
        Command stty = Command.of("stty", arguments).stdin(Stdio.descriptor(descriptor));
        return brood.run(stty).check().stdoutText().strip();
    }
}
