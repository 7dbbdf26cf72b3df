package dev.brood.spawn;

import dev.brood.sys.UnsafeCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One system call that a child makes before it executes its program, as data: what the library has no method for.
 *
 * <p>It must not block, for the thread that starts the child sleeps until the child has executed its program. It has the descriptors that
 * are named in its arguments and those of the child; others are gone. All signals are blocked. It runs as the user of the JVM. Immutable, equal by
 * content.
 *
 * <pre>{@code
 * ChildCall ownNames = ChildCall.of("unshare the host name", 272).number(0x04000000); // unshare(CLONE_NEWUTS), x86-64
 * }</pre>
 */
public final class ChildCall {
    private static final int MOST = 6;

    private final String name;
    private final int call;
    private final List<Argument> arguments;

    /** One argument. */
    sealed interface Argument {
        /** A number. */
        record Plain(long value) implements Argument {}

        /** The address of a copy of bytes. */
        record Copy(Bytes value) implements Argument {}

        /** The child's number for one of our descriptors. */
        record Descriptor(int ours) implements Argument {}
    }

    private ChildCall(String name, int call, List<Argument> arguments) {
        this.name = name;
        this.call = call;
        this.arguments = arguments;
    }

    /**
     * A call without arguments.
     *
     * @param name what it does, in a few words: an error says it
     * @param call its number on this architecture, as in {@code asm/unistd.h}
     * @throws IllegalArgumentException it touches memory, threads or signal handlers, which the child shares with the JVM, or changes the
     *     user, for which {@link ChildSetup} has methods
     */
    public static ChildCall of(String name, int call) {
        refuse(name, UnsafeCalls.reason(call));
        return new ChildCall(name, call, List.of());
    }

    /**
     * Appends a number.
     *
     * @throws IllegalArgumentException there are six arguments already, or the call is refused with this one
     */
    public ChildCall number(long value) {
        if (arguments.isEmpty()) {
            refuse(name, UnsafeCalls.reason(call, value));
        }
        return with(new Argument.Plain(value));
    }

    /**
     * Appends the address of a copy of some bytes, aligned to eight. For a C string they end with a zero.
     *
     * @throws IllegalArgumentException there are six arguments already
     */
    public ChildCall bytes(byte[] value) {
        return with(new Argument.Copy(Bytes.of(value)));
    }

    /**
     * Appends a descriptor: the child has it for its calls, by a number that the library chooses, and its program has it not.
     *
     * @param ours its number in this process; it stays the caller's, open until the child is started
     * @throws IllegalArgumentException there are six arguments already, or there is no such number
     */
    public ChildCall descriptor(int ours) {
        if (ours < 0) {
            throw new IllegalArgumentException("no descriptor: " + ours);
        }
        return with(new Argument.Descriptor(ours));
    }

    /** {@return what it does} */
    public String name() {
        return name;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ChildCall that
                && call == that.call
                && name.equals(that.name)
                && arguments.equals(that.arguments);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, call, arguments);
    }

    @Override
    public String toString() {
        return name + " (system call " + call + ")";
    }

    int number() {
        return call;
    }

    Stream<Integer> descriptors() {
        return arguments.stream()
                .flatMap(argument ->
                        argument instanceof Argument.Descriptor named ? Stream.of(named.ours()) : Stream.empty());
    }

    List<Argument> arguments() {
        return arguments;
    }

    private ChildCall with(Argument argument) {
        if (arguments.size() == MOST) {
            throw new IllegalArgumentException("a system call has six arguments");
        }
        List<Argument> longer = new ArrayList<>(arguments);
        longer.add(argument);
        return new ChildCall(name, call, List.copyOf(longer));
    }

    private static void refuse(String name, Optional<String> reason) {
        reason.ifPresent(why -> {
            throw new IllegalArgumentException("cannot " + name + " in a child: " + why);
        });
    }
}
