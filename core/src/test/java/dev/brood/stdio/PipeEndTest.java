package dev.brood.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import dev.brood.testing.Contract;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Our end of a pipe. */
class PipeEndTest {
    private static final int USUAL = 64 * 1024;
    private final ByteBuffer much = ByteBuffer.allocateDirect(1024 * 1024);

    @Test
    @Contract("I04")
    void pipeIsMadeLargerWhereMuchComesFast() throws ErrnoException {
        try (Pipe pipe = Pipe.open();
                PipeEnd end = end(pipe)) {
            assertThat(fill(pipe)).isEqualTo(USUAL);
            int held = USUAL;
            for (int i = 0; i < 100_000 && held == USUAL; i++) {
                empty(end);
                held = fill(pipe);
            }

            assertThat(held).isEqualTo(1024 * 1024);
        }
    }

    @Test
    @Contract("I06")
    void pipeIsMadeLargerWhereMuchIsWrittenFast() throws ErrnoException {
        try (Pipe pipe = Pipe.open();
                PipeEnd _ = end(pipe);
                PipeEnd writing = new PipeEnd(pipe.writeEnd())) {
            int held = USUAL;
            for (int i = 0; i < 100_000 && held == USUAL; i++) {
                held = fill(writing);
                while (pipe.readEnd().read(much.clear()) > 0) {
                    assertThat(much.position()).isPositive();
                }
            }

            assertThat(held).isEqualTo(1024 * 1024);
        }
    }

    @Test
    @Contract("I10")
    void closedEndAndGivenAwayEndTouchNothing() throws ErrnoException {
        try (Pipe pipe = Pipe.open();
                PipeEnd end = end(pipe)) {
            OptionalInt given = end.release();
            try (Fd stranger = new Fd(given.orElseThrow())) {
                assertThat(end.read(much.clear())).isEqualTo(PipeEnd.CLOSED);
                assertThat(end.write(much.clear())).isEqualTo(PipeEnd.CLOSED);
                assertThat(end.number()).isEmpty();
                assertThat(end.release()).isEmpty();
                assertThat(stranger.isOpen()).isTrue();
                Fd.requireOpen(stranger.number());
            }
        }
    }

    private static PipeEnd end(Pipe pipe) throws ErrnoException {
        pipe.writeEnd().nonBlocking();
        pipe.readEnd().nonBlocking();
        return new PipeEnd(pipe.readEnd());
    }

    private int fill(Pipe pipe) throws ErrnoException {
        int sum = 0;
        for (int count = -1; count != 0; sum += count) {
            count = pipe.writeEnd().write(much.clear());
        }
        return sum;
    }

    private int fill(PipeEnd end) throws ErrnoException {
        int sum = 0;
        for (int count = -1; count != 0; sum += count) {
            count = end.write(much.clear());
        }
        return sum;
    }

    private void empty(PipeEnd end) throws ErrnoException {
        int count;
        do {
            count = end.read(much.clear());
        } while (count > 0);
    }
}
