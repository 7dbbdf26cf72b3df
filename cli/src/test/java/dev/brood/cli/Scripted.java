package dev.brood.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What came of a script for bash in which {@code brood} is the program. */
record Scripted(int status, String out, String err) {
    /** Runs it in a folder, with nothing to read. */
    static Scripted in(Path folder, String script) throws IOException, InterruptedException {
        Path out = Files.createTempFile("scripted", ".out");
        Path err = Files.createTempFile("scripted", ".err");
        try {
            int status = new ProcessBuilder(List.of("bash", "-c", "brood() { " + line() + " \"$@\"; }\n" + script))
                    .directory(folder.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start()
                    .waitFor();
            return new Scripted(status, Files.readString(out), Files.readString(err, StandardCharsets.ISO_8859_1));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String line() {
        return Program.line().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }
}
