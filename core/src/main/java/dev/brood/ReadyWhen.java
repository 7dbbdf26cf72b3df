package dev.brood;

import static java.util.Objects.requireNonNull;

import dev.brood.spawn.Bytes;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** How a service says that it is up: see {@link Brood#service}. A value. */
public sealed interface ReadyWhen {
    /**
     * By a line of what it writes, which is read all the time.
     *
     * @param number the child's number for where it writes
     * @param wanted asked for each line until it is up
     * @param charset of the output
     * @param passedOn gets everything that it writes there
     */
    record Line(int number, Predicate<String> wanted, Charset charset, OutputHandler passedOn) implements ReadyWhen {
        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException it is not positive
         */
        public Line {
            requireWritten(number);
        }

        @Override
        public ReadyWhen passingOn(OutputHandler handler) {
            requireNonNull(handler, "handler");
            return new Line(number, wanted, charset, handler);
        }
    }

    /**
     * By a text in what it writes, which is read all the time.
     *
     * @param number the child's number for where it writes
     * @param text as it is written
     * @param passedOn gets everything that it writes there
     */
    record Text(int number, Bytes text, OutputHandler passedOn) implements ReadyWhen {
        /**
         * Checks number and text.
         *
         * @throws IllegalArgumentException the number is not positive, or the text is empty
         */
        public Text {
            requireWritten(number);
            if (text.length() == 0) {
                throw new IllegalArgumentException("no text to wait for");
            }
        }

        @Override
        public ReadyWhen passingOn(OutputHandler handler) {
            requireNonNull(handler, "handler");
            return new Text(number, text, handler);
        }
    }

    /**
     * By anything on a descriptor.
     *
     * @param number the child's number for it
     */
    record Sign(int number) implements ReadyWhen {
        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException it is not positive
         */
        public Sign {
            requireWritten(number);
        }
    }

    /**
     * By what a test of the caller's says.
     *
     * @param passed whether it is up
     * @param rhythm how long to wait between two tests
     */
    record Test(BooleanSupplier passed, Duration rhythm) implements ReadyWhen {
        /**
         * Checks the rhythm.
         *
         * @throws IllegalArgumentException it is negative
         */
        public Test {
            if (rhythm.isNegative()) {
                throw new IllegalArgumentException("no time between two tests: " + rhythm);
            }
        }
    }

    /**
     * When it has written such a line to its standard output, in UTF-8. The output is read all the time; see {@link #passingOn}.
     *
     * @param wanted asked for each line until it is up, on the loop; where it throws, that was not the line, and is told as a failed callback
     */
    static ReadyWhen line(Predicate<String> wanted) {
        return line(1, wanted);
    }

    /**
     * When it has written such a line to a descriptor, such as 2, its standard error; else as {@link #line(Predicate)}.
     *
     * @param number the child's number for it
     * @throws IllegalArgumentException it is not positive
     */
    static ReadyWhen line(int number, Predicate<String> wanted) {
        requireNonNull(wanted, "wanted");
        return new Line(number, wanted, StandardCharsets.UTF_8, (output, bytes) -> {});
    }

    /**
     * When it has written a text to its standard output, in UTF-8, wherever in a line and whether or not that has ended: such as a prompt. The output is read
     * all the time; see {@link #passingOn}.
     *
     * @throws IllegalArgumentException it is empty, or holds an unpaired surrogate
     */
    static ReadyWhen text(String wanted) {
        return text(1, wanted);
    }

    /**
     * When it has written a text to a descriptor; else as {@link #text(String)}.
     *
     * @param number the child's number for it
     * @throws IllegalArgumentException it is not positive, the text is empty, or holds an unpaired surrogate
     */
    static ReadyWhen text(int number, String wanted) {
        requireNonNull(wanted, "wanted");
        return new Text(number, Bytes.of(wanted), (output, bytes) -> {});
    }

    /**
     * When it has written anything to a descriptor, which it gets for that and no other end.
     *
     * @param number the child's number for it, such as 3
     * @throws IllegalArgumentException it is not positive
     */
    static ReadyWhen byteOn(int number) {
        return new Sign(number);
    }

    /**
     * When a test of the caller's passes, such as that something answers on a port. It runs where exit handlers do; one that throws has not
     * passed, and is told as a failed callback.
     *
     * @param rhythm how long to wait between two tests
     * @throws IllegalArgumentException it is negative
     */
    static ReadyWhen test(BooleanSupplier passed, Duration rhythm) {
        requireNonNull(passed, "passed");
        return new Test(passed, rhythm);
    }

    /**
     * {@return the same, where everything that the service writes where it is looked at goes to a handler}
     *
     * @throws IllegalStateException it does not look at the output, which is the command's to say then
     */
    default ReadyWhen passingOn(OutputHandler handler) {
        requireNonNull(handler, "handler");
        throw new IllegalStateException("it does not read the output: give the command a pipe, and read that");
    }

    private static void requireWritten(int number) {
        if (number <= 0) {
            throw new IllegalArgumentException("no descriptor to write to: " + number);
        }
    }
}
