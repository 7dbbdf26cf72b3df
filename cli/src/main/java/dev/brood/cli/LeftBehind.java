package dev.brood.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who is left of a command that has ended, for a message: those in its process group or session, by name. Takes a walk through /proc. */
final class LeftBehind {
    private LeftBehind() {}

    /** What to say of an output that is not read to its end. */
    static String sentence(long leader) {
        List<String> names = names(leader);
        String who = names.isEmpty() ? "somebody else" : String.join(", ", names);
        return "has left its output to " + who + ": what comes there is not read (--drain none waits for it)";
    }

    private static List<String> names(long leader) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                add(process, Long.toString(leader), names);
            }
        } catch (IOException noProc) {
            names.clear();
        }
        return names;
    }

    private static void add(Path process, String leader, List<String> names) {
        try {
            StatLine one = StatLine.of(process);
            if (!one.state().equals("Z")
                    && (one.group().equals(leader) || one.session().equals(leader))) {
                names.add(one.name() + " [" + process.getFileName() + "]");
            }
        } catch (IOException ended) {
            return;
        }
    }
}
