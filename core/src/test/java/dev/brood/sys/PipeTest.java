package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.testing.Contract;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A pipe carries bytes one way; a child's end is a real one. */
class PipeTest {
    @Test
    void bytesComeOutInOrder() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Text.write(pipe.writeEnd(), "one");
            Text.write(pipe.writeEnd(), "two");

            assertThat(Text.read(pipe.readEnd())).isEqualTo("onetwo");
        }
    }

    @Test
    void endComesWhenTheLastWriterIsGone() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Fd copy = Fd.duplicate(pipe.writeEnd().number(), 0);
            pipe.readEnd().nonBlocking();
            ByteBuffer buffer = ByteBuffer.allocateDirect(1);

            pipe.writeEnd().close();
            assertThat(pipe.readEnd().read(buffer)).isZero();

            copy.close();
            assertThat(pipe.readEnd().read(buffer)).isEqualTo(-1);
        }
    }

    @Test
    @Contract("I09")
    void childCanOpenItsEndByName() throws Exception {
        try (Pipe pipe = Pipe.open();
                Fd none = ShellChild.nothing();
                ShellChild child = ShellChild.run("echo hi > /dev/stdout", none, pipe.writeEnd())) {
            pipe.writeEnd().close();

            assertThat(Text.readAll(pipe.readEnd())).isEqualTo("hi\n");
            assertThat(child.reap().status()).isEqualTo(WaitStatus.exited(0));
        }
    }

    @Test
    void closeClosesBothEnds() throws Exception {
        Pipe pipe = Pipe.open();

        pipe.close();

        assertThat(pipe.readEnd().isOpen()).isFalse();
        assertThat(pipe.writeEnd().isOpen()).isFalse();
    }
}
