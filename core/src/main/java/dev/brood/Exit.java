package dev.brood;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A child's end.
 *
 * @param status how it ended
 * @param usage what it used; {@link ResourceUsage#UNKNOWN} where nobody can know
 * @param wallTime from its start until its end was heard
 * @param ending what began its end
 * @param limit how long it had, where that was its deadline or its silence
 */
public record Exit(ExitStatus status, ResourceUsage usage, Duration wallTime, Ending ending, Optional<Duration> limit) {
    /** One that no time limit began. */
    public Exit(ExitStatus status, ResourceUsage usage, Duration wallTime, Ending ending) {
        this(status, usage, wallTime, ending, Optional.empty());
    }

    /** {@return whether it exited with code 0, whatever began its end} */
    public boolean success() {
        return status.success();
    }

    /** {@return its exit code, 0 to 255; empty where it did not exit by itself} */
    public OptionalInt code() {
        return status instanceof Exited(int code) ? OptionalInt.of(code) : OptionalInt.empty();
    }

    /** {@return whether a time limit began its end: its deadline, or what it may be silent} */
    public boolean timedOut() {
        return ending == Ending.DEADLINE || ending == Ending.SILENCE;
    }

    /**
     * {@return this, if it exited with code 0} For who has read what it wrote as it came; who has it collected has {@link Collected#check()}.
     *
     * @param command its name, for the message
     * @param wrote what it wrote last, for the message, of which that shows the last lines; empty where that does not matter
     * @throws Collected.Failure it did not
     */
    public Exit check(String command, String wrote) throws Collected.Failure {
        requireNonNull(command, "command");
        byte[] output = wrote.getBytes(StandardCharsets.UTF_8);
        return new Collected(command, this, output, new byte[0], true).check().exit();
    }

    /** {@return status and time limit as a phrase, to follow the child's name: "was killed by signal TERM at its deadline of 10s"} */
    public String describe() {
        String length = limit.map(time -> " of " + text(time)).orElse("");
        return status.describe()
                + switch (ending) {
                    case DEADLINE -> " at its deadline" + length;
                    case SILENCE -> " after a silence" + length;
                    default -> "";
                };
    }

    private static String text(Duration time) {
        return time.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
}
