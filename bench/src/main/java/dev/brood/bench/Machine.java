package dev.brood.bench;

import dev.brood.Brood;
import dev.brood.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where and when it was measured. */
final class Machine {
    private static final long KIBI_IN_GIBI = 1 << 20;

    private Machine() {}

    static Map<String, String> facts(Brood brood) throws IOException, InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("processor", line("/proc/cpuinfo", "model name"));
        facts.put("memory", memory());
        facts.put("descriptors", Long.toString(descriptors()));
        facts.put("kernel", System.getProperty("os.version") + " " + System.getProperty("os.arch"));
        facts.put("libc", libc(brood));
        facts.put("JDK", System.getProperty("java.runtime.version") + " " + System.getProperty("java.vendor"));
        return facts;
    }

    /** {@return how many descriptors a process may have open} */
    static long descriptors() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .mapToLong(line -> Long.parseLong(line.split("\\s{2,}", 3)[1]))
                .findFirst()
                .orElseThrow();
    }

    private static String memory() throws IOException {
        long kibi = Long.parseLong(line("/proc/meminfo", "MemTotal").replaceAll("\\D", ""));
        return Math.round((double) kibi / KIBI_IN_GIBI) + " GiB";
    }

    /** What follows the name and a colon, or nothing: not every processor has a model name. */
    private static String line(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    /** musl has no such answer. */
    private static String libc(Brood brood) throws IOException, InterruptedException {
        String glibc = brood.run(Command.of("getconf", "GNU_LIBC_VERSION"))
                .stdoutText()
                .strip();
        return glibc.isEmpty() ? "not glibc" : glibc;
    }
}
