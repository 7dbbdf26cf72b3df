package dev.brood.spawn;

import dev.brood.spawn.StepFailure.Step;
import dev.brood.sys.Errno;
import dev.brood.sys.FileStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where a program is. One rule for every way of starting:
 *
 * <ul>
 *   <li>a program with a slash is a path, relative to the child's directory;
 *   <li>one without is looked for in the PATH of the child's environment, or in /usr/bin and /bin where that has none; an empty or
 *       relative entry of PATH counts from the child's directory too;
 *   <li>the first regular file that may be executed is taken. If there is none, but files that may not be, the error is EACCES, else
 *       ENOENT.
 * </ul>
 */
final class ProgramPath {
    private static final Bytes PATH = Bytes.of("PATH");
    private static final Bytes DEFAULT_PATH = Bytes.of("/usr/bin:/bin");
    private static final byte[] SLASH = ascii("/");
    private static final byte[] HERE = ascii(".");

    private ProgramPath() {}

    /** {@return the path to execute, seen from the child's directory} */
    static byte[] of(SpawnRequest request) throws StepFailure {
        try {
            return find(request);
        } catch (StepFailure notFound) { // where the directory is missing, that is why nothing was found in it
            throw request.directory().flatMap(ProgramPath::unusable).orElse(notFound);
        }
    }

    /** Why nothing can be started in a directory, if that is so. */
    static Optional<StepFailure> unusable(Bytes directory) {
        int errno = FileStatus.execute(directory.array());
        if (errno == 0 || errno == Errno.EACCES) {
            errno = FileStatus.execute(seenFromHere(HERE, Optional.of(directory))); // ENOTDIR where it is none
        }
        return errno == 0
                ? Optional.empty()
                : Optional.of(
                        new StepFailure(Step.DIRECTORY, quoted(directory.array()), errno, Optional.of(directory)));
    }

    private static byte[] find(SpawnRequest request) throws StepFailure {
        byte[] program = request.program().array();
        if (program.length == 0) {
            throw notFound(request, Errno.ENOENT);
        }
        return indexOf(program, (byte) '/', 0) < program.length ? program : search(request);
    }

    /** {@return the same path seen from the JVM's directory} */
    static byte[] seenFromHere(byte[] path, Optional<Bytes> directory) {
        boolean absolute = path.length > 0 && path[0] == '/';
        return absolute || directory.isEmpty() ? path : concat(directory.get().array(), SLASH, path);
    }

    /** {@return whether there is a file to execute; what it names as its interpreter is another question} */
    static boolean isExecutable(byte[] path) {
        return FileStatus.execute(path) == 0 && FileStatus.isFile(path);
    }

    /** What to say where a session or process group could not be made or joined. */
    static StepFailure ungrouped(byte[] program, int errno) {
        return new StepFailure(Step.GROUP, "of " + quoted(program), errno);
    }

    /** A path for people. */
    static String quoted(byte[] path) {
        return "'" + Bytes.of(path).shown() + "'";
    }

    private static byte[] search(SpawnRequest request) throws StepFailure {
        byte[] path = request.environment().value(PATH).orElse(DEFAULT_PATH).array();
        int error = Errno.ENOENT;
        for (int start = 0; start <= path.length; ) {
            int end = indexOf(path, (byte) ':', start);
            byte[] entry = start == end ? HERE : Arrays.copyOfRange(path, start, end);
            byte[] candidate = concat(entry, SLASH, request.program().array());
            byte[] here = seenFromHere(candidate, request.directory());
            int answer = FileStatus.execute(here);
            if (answer == 0 && FileStatus.isFile(here)) {
                return candidate;
            }
            if (answer == Errno.EACCES && FileStatus.isFile(here)) {
                error = Errno.EACCES;
            }
            start = end + 1;
        }
        throw notFound(request, error);
    }

    private static StepFailure notFound(SpawnRequest request, int errno) {
        return ExecFailure.notFound(request.program(), errno);
    }

    /** The first place of {@code wanted} from {@code start} on, or the length. */
    private static int indexOf(byte[] bytes, byte wanted, int start) {
        int index = start;
        while (index < bytes.length && bytes[index] != wanted) {
            index++;
        }
        return index;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
