package dev.brood.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.brood.Output;
import dev.brood.OutputHandler;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where what was read cannot be kept, it is said to be cut, and nobody waits for it. */
@Timeout(10)
class ScarceMemoryTest {
    private final List<String> told = new ArrayList<>();

    @Test
    void noLineComesThatWasNeverWritten() {
        Output output = output(1);
        Lines lines = new Lines(() -> new byte[] {'>'}, new OutputHandler() {
            @Override
            public void data(Output from, ByteBuffer bytes) {
                String text = US_ASCII.decode(bytes).toString();
                told.add(text);
                if (text.contains("2")) {
                    throw lack();
                }
            }

            @Override
            public void end(Output from, boolean complete) {
                told.add("end " + complete);
            }
        });
        lines.data(output, bytes("1\n"));

        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> lines.data(output, bytes("2\nbegun")));
        lines.end(output, false);

        assertThat(told).containsExactly(">1\n", ">2\n", "close", "end false");
    }

    @Test
    void endIsToldWhateverBecomesOfTheLastLine() {
        Lines lines = new Lines(
                () -> {
                    throw lack();
                },
                new OutputHandler() {
                    @Override
                    public void data(Output from, ByteBuffer bytes) {}

                    @Override
                    public void end(Output from, boolean complete) {
                        told.add("end " + complete);
                    }
                });

        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> lines.data(output(1), bytes("x")));
        lines.end(output(1), false);

        assertThat(told).containsExactly("close", "end false");
    }

    @Test
    void jobThatCannotKeepIsCutAndPrintedUpToItsEnd() throws Exception {
        Job job = new Job(new byte[0]);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        job.data(output(-1), bytes("lost"));
        job.data(output(1), bytes("after it"));
        job.close();
        job.print(printed, OutputStream.nullOutputStream(), new Progress(false));

        assertThat(told).containsExactly("close", "close");
        assertThat(job.cut()).hasValueSatisfying(why -> assertThat(why).hasRootCauseInstanceOf(OutOfMemoryError.class));
        assertThat(printed.size()).isZero();
    }

    @Test
    void lineOfTheInputThatDoesNotFitIsAnErrorAndNoHang() throws Exception {
        Input input = new Input('\n');

        input.readFrom(new InputStream() {
            @Override
            public int read() {
                throw lack();
            }

            @Override
            public int read(byte[] to, int offset, int length) {
                throw lack();
            }
        });

        assertThatIOException().isThrownBy(input::next).withRootCauseInstanceOf(OutOfMemoryError.class);
    }

    private static OutOfMemoryError lack() {
        return new OutOfMemoryError("thrown by the test");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    /** One of that number; there is no memory for what comes from a negative one. */
    private Output output(int number) {
        return (Output) Proxy.newProxyInstance(
                Output.class.getClassLoader(), new Class<?>[] {Output.class}, (self, method, arguments) -> {
                    if (method.getName().equals("fd")) {
                        if (number < 0) {
                            throw lack();
                        }
                        return number;
                    }
                    told.add(method.getName());
                    return null;
                });
    }
}
