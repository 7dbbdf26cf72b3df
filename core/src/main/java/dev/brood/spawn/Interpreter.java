package dev.brood.spawn;

import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What a file names for the kernel to execute in its place: after {@code #!}, or as its dynamic loader. To say which one is missing, for execve(2) says
 * ENOENT only.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/elf.5.html">elf(5)</a>, PT_INTERP
 */
final class Interpreter {
    private static final int HEAD =
            4096; // the kernel looks at 256 bytes of a script; loaders are named near the beginning
    private static final int ELF = 0x7f454c46;
    private static final int PROGRAM_HEADERS = 32;
    private static final int HEADER_SIZE = 54;
    private static final int HEADER_COUNT = 56;
    private static final int PT_INTERP = 3;
    private static final int OFFSET = 8;
    private static final int LENGTH = 32;

    private Interpreter() {}

    /** {@return the path, as it stands there; empty where none does, or the file cannot be read} */
    static Optional<Bytes> of(byte[] file) {
        ByteBuffer head = ByteBuffer.allocateDirect(HEAD);
        try (Fd fd = Fd.open(file, Fd.O_RDONLY | Fd.O_NONBLOCK, 0)) {
            int _ = fd.read(head);
            return named(head.flip());
        } catch (ErrnoException | IndexOutOfBoundsException | IllegalArgumentException notToBeTold) {
            return Optional.empty();
        }
    }

    private static Optional<Bytes> named(ByteBuffer head) {
        if (head.remaining() > 2 && head.get(0) == '#' && head.get(1) == '!') {
            return script(head);
        }
        return head.getInt(0) == ELF ? loader(head.order(ByteOrder.LITTLE_ENDIAN)) : Optional.empty();
    }

    /** After blanks, up to a blank or the end of the line; a carriage return is part of it. */
    private static Optional<Bytes> script(ByteBuffer head) {
        int start = 2;
        while (start < head.limit() && isBlank(head.get(start))) {
            start++;
        }
        int end = start;
        while (end < head.limit() && !isBlank(head.get(end)) && head.get(end) != '\n') {
            end++;
        }
        return end == start ? Optional.empty() : Optional.of(part(head, start, end));
    }

    private static Optional<Bytes> loader(ByteBuffer head) {
        int at = (int) head.getLong(PROGRAM_HEADERS);
        for (int i = 0; i < head.getShort(HEADER_COUNT); i++) {
            if (head.getInt(at) == PT_INTERP) {
                int start = (int) head.getLong(at + OFFSET);
                return Optional.of(part(head, start, start + (int) head.getLong(at + LENGTH) - 1)); // less its NUL
            }
            at += head.getShort(HEADER_SIZE);
        }
        return Optional.empty();
    }

    private static Bytes part(ByteBuffer head, int start, int end) {
        byte[] part = new byte[end - start];
        head.get(start, part);
        return Bytes.of(part);
    }

    private static boolean isBlank(byte one) {
        return one == ' ' || one == '\t';
    }
}
