package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes go from descriptor to descriptor without passing through here. */
class SpliceTest {
    @Test
    void bytesMoveFromPipeToPipe() throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            Text.write(from.writeEnd(), "abc");

            assertThat(Splice.move(from.readEnd(), to.writeEnd(), 100)).isEqualTo(3);

            assertThat(Text.read(to.readEnd())).isEqualTo("abc");
        }
    }

    @Test
    void noMoreMovesThanAsked() throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            Text.write(from.writeEnd(), "abc");

            assertThat(Splice.move(from.readEnd(), to.writeEnd(), 2)).isEqualTo(2);

            assertThat(Text.read(to.readEnd())).isEqualTo("ab");
            assertThat(Text.read(from.readEnd())).isEqualTo("c");
        }
    }

    @Test
    void bytesMoveToAFile(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("file");
        try (Pipe from = Pipe.open();
                Fd to = Fd.open(Text.bytes(file.toString()), Fd.O_WRONLY | Fd.O_CREAT, 0600)) {
            Text.write(from.writeEnd(), "abc");

            assertThat(Splice.move(from.readEnd(), to, 100)).isEqualTo(3);

            assertThat(file).hasContent("abc");
        }
    }

    @Test
    void emptySourceIsZeroAndItsEndIsNot() throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            assertThat(Splice.move(from.readEnd(), to.writeEnd(), 100)).isZero();

            from.writeEnd().close();

            assertThat(Splice.move(from.readEnd(), to.writeEnd(), 100)).isEqualTo(-1);
        }
    }

    @Test
    void askingForNothingIsNotTheEnd() throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            Text.write(from.writeEnd(), "abc");

            assertThat(Splice.move(from.readEnd(), to.writeEnd(), 0)).isZero();
        }
    }

    @Test
    void fullTargetIsZero() throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open()) {
            fill(to.writeEnd());
            Text.write(from.writeEnd(), "abc");

            assertThat(Splice.move(from.readEnd(), to.writeEnd(), 100)).isZero();

            assertThat(Text.read(from.readEnd())).isEqualTo("abc");
        }
    }

    @Test
    void failuresAreToldApart(@TempDir Path directory) throws Exception {
        try (Pipe from = Pipe.open();
                Pipe to = Pipe.open();
                Fd file = Fd.open(Text.bytes(directory + "/file"), Fd.O_RDWR | Fd.O_CREAT | Fd.O_APPEND, 0600)) {
            Text.write(from.writeEnd(), "abc");

            Fails.with("EINVAL", () -> Splice.move(from.readEnd(), file, 100));
            Fails.with("EINVAL", () -> Splice.move(file, file, 100));
            Fails.with("EBADF", () -> Splice.move(from.writeEnd(), to.writeEnd(), 100));
            to.readEnd().close();
            Fails.with("EPIPE", () -> Splice.move(from.readEnd(), to.writeEnd(), 100));
        }
    }

    private static void fill(Fd pipe) throws ErrnoException {
        pipe.nonBlocking();
        ByteBuffer block = ByteBuffer.allocateDirect(1 << 16);
        while (pipe.write(block.clear()) > 0) {
            assertThat(block.position()).isPositive();
        }
    }
}
