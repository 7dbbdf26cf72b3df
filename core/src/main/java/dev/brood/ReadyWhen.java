package dev.brood;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** How a service says that it is up: see {@link Brood#service}. A value. */
public final class ReadyWhen {
    /** The kinds. */
    sealed interface Kind {
        /** A line of its output. */
        record Line(Predicate<String> wanted, Charset charset) implements Kind {}

        /** Any byte on a descriptor. */
        record Sign(int number) implements Kind {}

        /** What a test of the caller's says. */
        record Test(BooleanSupplier passed, Duration rhythm) implements Kind {}
    }

    private static final OutputHandler DROPPED = (output, bytes) -> {};

    private final Kind kind;
    private final OutputHandler passedOn;

    private ReadyWhen(Kind kind, OutputHandler passedOn) {
        this.kind = kind;
        this.passedOn = passedOn;
    }

    /**
     * When it has written such a line to its standard output, in UTF-8. The output is read all the time; see {@link #passingOn}.
     *
     * @param wanted asked for each line until it is up, on the loop; where it throws, that was not the line, and is told as a failed callback
     */
    public static ReadyWhen line(Predicate<String> wanted) {
        return new ReadyWhen(new Kind.Line(wanted, StandardCharsets.UTF_8), DROPPED);
    }

    /**
     * When it has written anything to a descriptor, which it gets for that and no other end.
     *
     * @param number the child's number for it, such as 3
     * @throws IllegalArgumentException it is not positive
     */
    public static ReadyWhen byteOn(int number) {
        if (number <= 0) {
            throw new IllegalArgumentException("no descriptor to write to: " + number);
        }
        return new ReadyWhen(new Kind.Sign(number), DROPPED);
    }

    /**
     * When a test of the caller's passes, such as that something answers on a port. It runs where exit handlers do; one that throws has not
     * passed, and is told as a failed callback.
     *
     * @param rhythm how long to wait between two tests
     */
    public static ReadyWhen test(BooleanSupplier passed, Duration rhythm) {
        return new ReadyWhen(new Kind.Test(passed, rhythm), DROPPED);
    }

    /**
     * The same, where everything that the service writes to its standard output goes to a handler.
     *
     * @throws IllegalStateException it does not look at the output, which is the command's to say then
     */
    public ReadyWhen passingOn(OutputHandler handler) {
        if (!(kind instanceof Kind.Line)) {
            throw new IllegalStateException("it does not read the output: give the command a pipe, and read that");
        }
        return new ReadyWhen(kind, handler);
    }

    Kind kind() {
        return kind;
    }

    OutputHandler passedOn() {
        return passedOn;
    }
}
