package dev.brood.bench.subject;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process holds.
 *
 * @param heap bytes that are in use, after collections
 * @param resident bytes of it in memory, whatever they are for
 * @param descriptors open
 * @param threads of the JVM included
 */
record Memory(long heap, long resident, long descriptors, long threads) {
    private static final Path SELF = Path.of("/proc/self");
    private static final int COLLECTIONS =
            3; // references are cleared by one, and what they held back goes with the next

    /** What so many children cost that live and do nothing: bytes of heap and of memory, descriptors and threads for each. */
    static String ofLive(Waiting waiting, int count) throws IOException, InterruptedException {
        Memory before = now();
        waiting.fill(count);
        Memory after = now();
        String figures = Stamp.figures(
                (double) (after.heap - before.heap) / count,
                (double) (after.resident - before.resident) / count,
                (double) (after.descriptors - before.descriptors) / count,
                (double) (after.threads - before.threads));
        waiting.endAll();
        return figures;
    }

    static Memory now() throws IOException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return new Memory(
                runtime.totalMemory() - runtime.freeMemory(),
                residentBytes(),
                entries(SELF.resolve("fd")),
                entries(SELF.resolve("task")));
    }

    private static long entries(Path folder) throws IOException {
        long count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path _ : entries) {
                count++;
            }
        }
        return count;
    }

    private static long residentBytes() throws IOException {
        return Files.readAllLines(SELF.resolve("status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
