package dev.brood;

import static java.util.Objects.requireNonNull;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** How a service says that it is up: see {@link Brood#service}. A value. */
public sealed interface ReadyWhen {
    /**
     * By a line of its standard output, which is read all the time.
     *
     * @param wanted asked for each line until it is up
     * @param charset of the output
     * @param passedOn gets everything that it writes there
     */
    record Line(Predicate<String> wanted, Charset charset, OutputHandler passedOn) implements ReadyWhen {
        @Override
        public ReadyWhen passingOn(OutputHandler handler) {
            requireNonNull(handler, "handler");
            return new Line(wanted, charset, handler);
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
            if (number <= 0) {
                throw new IllegalArgumentException("no descriptor to write to: " + number);
            }
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
        requireNonNull(wanted, "wanted");
        return new Line(wanted, StandardCharsets.UTF_8, (output, bytes) -> {});
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
     * {@return the same, where everything that the service writes to its standard output goes to a handler}
     *
     * @throws IllegalStateException it does not look at the output, which is the command's to say then
     */
    default ReadyWhen passingOn(OutputHandler handler) {
        requireNonNull(handler, "handler");
        throw new IllegalStateException("it does not read the output: give the command a pipe, and read that");
    }
}
