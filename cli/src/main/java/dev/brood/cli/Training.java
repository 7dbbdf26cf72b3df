package dev.brood.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the program usually does, done once while its ahead-of-time cache is made. */
final class Training {
    private Training() {}

    public static void main(String[] unused) throws IOException {
        Path items = Files.createTempFile("brood-training", ".txt");
        Path procfile = Files.createTempFile("brood-training", ".procfile");
        try {
            Files.writeString(procfile, "a: echo\n");
            Files.writeString(items, "1\n2\n3\n");
            int ignored = Main.run("run", "--deadline=1m", "--report=json", "--report-file=/dev/null", "--", "true")
                    + Main.run("run", "--pipe", "--tee=/dev/null", "--", "true", ":::", "true")
                    + Main.run("init", "-s", "--", "true")
                    + Main.run("run", "--pty", "--", "true")
                    + Main.run("each", "-q", "-j", "2", "-a", items.toString(), "--", "true", "{}")
                    + Main.run("up", "--no-env", procfile.toString());
            System.exit(ignored);
        } finally {
            Files.delete(items);
            Files.delete(procfile);
        }
    }
}
