package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/** Questions about files by path, without opening them. Paths are bytes, relative to the JVM's directory. */
public final class FileStatus {
    static final int AT_FDCWD = -100;
    static final int AT_EACCESS = 0x200;
    static final int X_OK = 1;
    static final int STATX_TYPE = 1;
    static final int S_IFMT = 0xf000;
    static final int S_IFIFO = 0x1000;
    static final int S_IFREG = 0x8000;

    static final long STATX_SIZE = 256;
    static final long STX_MODE = 28;

    private FileStatus() {}

    /**
     * Asks whether this process, by its effective user, may execute a file, or search a directory, faccessat(2).
     *
     * @return 0 for yes, else the errno: ENOENT, EACCES, ENOTDIR, ELOOP, ENAMETOOLONG
     */
    public static int execute(byte[] path) {
        try (Scratch memory = Scratch.take()) {
            long name = CStrings.one(memory, path).address();
            long result = SystemCall.FACCESSAT2.retried(AT_FDCWD, name, X_OK, AT_EACCESS);
            boolean missing =
                    result == -Errno.ENOSYS || result == -Errno.EPERM; // before Linux 5.8; a filter of that time
            return (int) -(missing ? SystemCall.FACCESSAT.retried(AT_FDCWD, name, X_OK) : result);
        }
    }

    /** {@return whether the path leads to a regular file} */
    public static boolean isFile(byte[] path) {
        return type(path) == S_IFREG;
    }

    /** {@return whether the path leads to a named pipe, which open(2) waits at for somebody at the other side} */
    public static boolean isNamedPipe(byte[] path) {
        return type(path) == S_IFIFO;
    }

    /** Follows links; 0 where nothing is there. statx(2), since Linux 4.11. */
    private static int type(byte[] path) {
        try (Scratch memory = Scratch.take()) {
            MemorySegment statx = memory.allocate(STATX_SIZE, Long.BYTES);
            long name = CStrings.one(memory, path).address();
            long result = SystemCall.STATX.retried(AT_FDCWD, name, 0, STATX_TYPE, statx.address());
            return result < 0 ? 0 : statx.get(JAVA_SHORT, STX_MODE) & S_IFMT;
        }
    }
}
