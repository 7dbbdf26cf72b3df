package dev.brood.sys;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One process as the kernel shows it now, in /proc/PID/stat. A number may be another process's a moment later: pid and start time together
 * say which one it was.
 *
 * @param pid its number
 * @param state as ps(1) has it: Z for a zombie
 * @param parent its parent's number; 0 where that is in another namespace
 * @param group its process group
 * @param session its session
 * @param threads how many it has; 0 or 1 where it is a zombie, unless only its first thread has ended
 * @param startTime when it started, in clock ticks since boot
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 */
public record ProcStat(long pid, char state, long parent, long group, long session, int threads, long startTime) {
    private static final Path PROC = Path.of("/proc");
    private static final int ROOM = 1024; // a line has about 350 bytes, and a name of 64 at most
    private static final int START_TIME = 22; // field, counted from 1
    private static final int THREADS = 20;
    private static final int THIRD = 3; // the first that follows the name

    /** {@return the process with this number; empty where there is none} */
    public static Optional<ProcStat> of(long pid) throws IOException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment name = CStrings.one(memory, ("/proc/" + pid + "/stat").getBytes(StandardCharsets.US_ASCII));
            long opened = SystemCall.OPENAT.retried(Fd.AT_FDCWD, name.address(), Fd.O_RDONLY | Fd.O_CLOEXEC, 0);
            if (opened == -Errno.ENOENT) {
                return Optional.empty();
            }
            return read(pid, (int) accepted(SystemCall.OPENAT, opened), memory.allocate(ROOM));
        }
    }

    private static Optional<ProcStat> read(long pid, int opened, MemorySegment room) throws ErrnoException {
        try (Fd file = new Fd(opened)) {
            long count = SystemCall.READ.retried(file.number(), room.address(), room.byteSize());
            if (count == -Errno.ESRCH) {
                return Optional.empty(); // it was reaped in between
            }
            long length = accepted(SystemCall.READ, count);
            byte[] line = new byte[(int) length];
            room.asByteBuffer().get(line);
            return Optional.of(parsed(pid, new String(line, StandardCharsets.ISO_8859_1)));
        }
    }

    private static long accepted(SystemCall call, long result) throws ErrnoException {
        if (result < 0) {
            throw call.failure(result);
        }
        return result;
    }

    /** {@return all processes of this namespace} Not of one moment: they come and go meanwhile. */
    public static List<ProcStat> all() throws IOException {
        List<ProcStat> all = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (Character.isDigit(name.charAt(0))) {
                    of(Long.parseLong(name)).ifPresent(all::add);
                }
            }
        }
        return all;
    }

    /** {@return whether it has ended: a zombie whose other threads run on has not} */
    public boolean isOver() {
        return (state == 'Z' || state == 'X') && threads <= 1;
    }

    /** {@return whether it is this very process, and not another one of its number} */
    public boolean isSame(ProcStat other) {
        return pid == other.pid && startTime == other.startTime;
    }

    /** A name may hold blanks, and parentheses. */
    private static ProcStat parsed(long pid, String line) {
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", START_TIME);
        return new ProcStat(
                pid,
                fields[0].charAt(0),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                Integer.parseInt(fields[THREADS - THIRD]),
                Long.parseLong(fields[START_TIME - THIRD]));
    }
}
