package dev.brood.sys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * What the kernel tells in files, proc(5).
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc.5.html">proc(5)</a>
 */
public final class ProcFs {
    private static final Path SELF = Path.of("/proc/self");

    private ProcFs() {}

    /**
     * A child of this process.
     *
     * @param pid the child
     * @param thread the thread it is listed under: the one that started it, or the main thread for an adopted orphan
     */
    public record Listed(long pid, long thread) {}

    /**
     * Lists all children of this process, zombies included.
     *
     * @throws NoSuchFileException the kernel was built without these lists
     */
    public static List<Listed> children() throws IOException {
        List<Listed> children = new ArrayList<>();
        for (long thread : numbers(SELF.resolve("task"))) {
            Path list = SELF.resolve("task/" + thread + "/children");
            StringTokenizer pids = new StringTokenizer(threadFile(list));
            while (pids.hasMoreTokens()) {
                children.add(new Listed(Long.parseLong(pids.nextToken()), thread));
            }
        }
        return children;
    }

    /** {@return whether there is a thread of this process that takes {@code signal}} */
    public static boolean isTaken(int signal) throws IOException {
        for (long thread : numbers(SELF.resolve("task"))) {
            Optional<String> blocked = status("self/task/" + thread, "SigBlk");
            if (blocked.isPresent() && !new SignalMask(Long.parseUnsignedLong(blocked.get(), 16)).contains(signal)) {
                return true;
            }
        }
        return false;
    }

    /** {@return the numbers of the descriptors that this process has open} */
    public static List<Integer> descriptors() throws IOException {
        return numbers(SELF.resolve("fd")).stream().map(Long::intValue).toList();
    }

    /** {@return one field of a process's status, such as State; empty where there is no such process or field} */
    public static Optional<String> status(String pid, String field) throws IOException {
        Path process = Path.of("/proc", pid);
        try {
            String status = Files.readString(process.resolve("status"), StandardCharsets.ISO_8859_1);
            return status.lines()
                    .filter(line -> line.startsWith(field + ":"))
                    .map(line -> line.substring(field.length() + 1).strip())
                    .findFirst();
        } catch (IOException gone) { // ENOENT from open, or ESRCH from read where it was reaped in between
            if (Files.exists(process)) {
                throw gone;
            }
            return Optional.empty();
        }
    }

    /** {@return the signals that this process ignores} */
    public static SignalMask ignoredSignals() throws IOException {
        return new SignalMask(ownBits("SigIgn"));
    }

    /** {@return the capabilities that programs executed by this process can get at most, a bit each} */
    public static long capabilityBounds() throws IOException {
        return ownBits("CapBnd");
    }

    private static long ownBits(String field) throws IOException {
        String hex = status("self", field).orElseThrow(() -> new IOException("/proc/self/status has no " + field));
        return Long.parseUnsignedLong(hex, 16);
    }

    /** A thread may end between the listing and the look: then it has no children any more. */
    private static String threadFile(Path list) throws IOException {
        try {
            return Files.readString(list, StandardCharsets.US_ASCII).strip();
        } catch (IOException gone) {
            if (Files.exists(list.getParent())) {
                throw gone;
            }
            return "";
        }
    }

    private static List<Long> numbers(Path directory) throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                numbers.add(Long.parseLong(String.valueOf(entry.getFileName())));
            }
        }
        return numbers;
    }
}
