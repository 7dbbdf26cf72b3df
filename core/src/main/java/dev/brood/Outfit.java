package dev.brood;

import dev.brood.spawn.StepFailure;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The descriptors of one start: what the child gets, opened before there is a child, so that a file that cannot be opened is known by
 * name. Closing it closes the child's ends, and ours of the pipes unless they were taken.
 */
final class Outfit implements AutoCloseable {
    private static final int NEW_FILE = 0666;
    private static final byte[] NOTHING = {};

    private final NavigableMap<Integer, Integer> descriptors = new TreeMap<>();
    private final List<Fd> theirs = new ArrayList<>(4);
    private final List<OurEnd> ours = new ArrayList<>(4);

    /**
     * The JVM's end of a pipe or terminal.
     *
     * @param number the child's number for the other
     * @param reads whether the JVM reads
     * @param farewell what to write at the end
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record OurEnd(int number, Fd fd, boolean reads, Stdio.Kind kind, byte[] farewell) {}

    private Outfit() {}

    /**
     * Opens what a command asks for.
     *
     * @throws StepFailure a file or pipe could not be opened; what was opened before is closed
     */
    static Outfit open(Command command) throws StepFailure {
        Outfit outfit = new Outfit();
        try {
            for (Map.Entry<Integer, Stdio> entry : command.stdio().entrySet()) {
                outfit.pass(entry.getKey(), entry.getValue());
            }
            for (Map.Entry<Integer, Stdio> entry : command.stdio().entrySet()) {
                outfit.add(entry.getKey(), entry.getValue());
            }
            Optional<TerminalShape> terminal = command.terminal();
            if (terminal.isPresent()) {
                outfit.addTerminal(terminal.get(), command.unsaidStandard());
            }
            outfit.merge(command);
            return outfit;
        } catch (StepFailure failure) {
            outfit.close();
            throw failure;
        }
    }

    /** Ours, by the child's number. */
    NavigableMap<Integer, Integer> descriptors() {
        return descriptors;
    }

    /** Hands over our ends. */
    List<OurEnd> takeOurs() {
        List<OurEnd> taken = List.copyOf(ours);
        ours.clear();
        return taken;
    }

    @Override
    public void close() {
        theirs.forEach(Fd::close);
        ours.forEach(our -> our.fd().close());
    }

    /** What is open already: before anything is opened, which could get a number that is meant to be closed. */
    private void pass(int number, Stdio what) throws StepFailure {
        if (what.kind() instanceof Stdio.Kind.Descriptor(int ours)) {
            descriptors.put(number, open(ours));
        }
    }

    private void add(int number, Stdio what) throws StepFailure {
        switch (what.kind()) {
            case Stdio.Kind.Inherited inherited -> {}
            case Stdio.Kind.Descriptor descriptor -> {}
            case Stdio.Kind.Terminal terminal -> {}
            case Stdio.Kind.Lifeline lifeline -> descriptors.put(number, lifeline());
            case Stdio.Kind.File file -> give(number, file(number, file));
            case Stdio.Kind.From(Output output) -> give(number, taken(number, output));
            case Stdio.Kind.Pipe pipe -> pipe(number, number != 0 && pipe.way() == Stdio.Way.BY_NUMBER, pipe);
            case Stdio.Kind.Collect collect -> pipe(number, true, collect);
            case Stdio.Kind.Content content -> pipe(number, false, content);
        }
    }

    private static int open(int number) throws StepFailure {
        try {
            Fd.requireOpen(number);
            return number;
        } catch (ErrnoException closed) {
            throw new StepFailure(StepFailure.Step.DESCRIPTOR, Integer.toString(number), closed.errno());
        }
    }

    private static Fd file(int number, Stdio.Kind.File file) throws StepFailure {
        try {
            return Fd.open(file.path(), file.flags(), NEW_FILE);
        } catch (ErrnoException failure) {
            String subject = number + ", file '" + new String(file.path(), StandardCharsets.UTF_8) + "'";
            throw switch (failure.errno()) {
                case Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM ->
                    new StepFailure(StepFailure.Step.RESOURCES, "for descriptor " + subject, failure.errno());
                default -> new StepFailure(StepFailure.Step.DESCRIPTOR, subject, failure.errno());
            };
        }
    }

    private static int lifeline() throws StepFailure {
        try {
            return Lifeline.readEnd();
        } catch (ErrnoException full) {
            throw new StepFailure(StepFailure.Step.RESOURCES, "for a lifeline", full.errno());
        }
    }

    private static Fd taken(int number, Output output) throws StepFailure {
        try {
            return new Fd(output.hand());
        } catch (IOException ended) {
            throw new StepFailure(StepFailure.Step.DESCRIPTOR, number + ", " + output.title(), Errno.EBADF);
        }
    }

    private void pipe(int number, boolean toUs, Stdio.Kind kind) throws StepFailure {
        try {
            Pipe pipe = Pipe.open();
            Fd our = toUs ? pipe.readEnd() : pipe.writeEnd();
            give(number, toUs ? pipe.writeEnd() : pipe.readEnd());
            ours.add(new OurEnd(number, our, toUs, kind, NOTHING));
            our.nonBlocking();
            if (kind instanceof Stdio.Kind.Pipe(Stdio.Way way, int size) && size > 0) {
                boolean _ = our.pipeSize(size);
            }
        } catch (ErrnoException failure) {
            throw new StepFailure(StepFailure.Step.RESOURCES, "for a pipe on descriptor " + number, failure.errno());
        }
    }

    /** What nothing is said of is the terminal. */
    private void addTerminal(TerminalShape shape, List<Integer> numbers) throws StepFailure {
        if (numbers.isEmpty()) {
            return;
        }
        try {
            shape.open(this, numbers);
        } catch (ErrnoException failure) {
            throw new StepFailure(StepFailure.Step.RESOURCES, "for a terminal", failure.errno());
        }
    }

    void give(int number, Fd fd) {
        theirs.add(fd);
        descriptors.put(number, fd.number());
    }

    void keep(OurEnd our) {
        ours.add(our);
    }

    /** What the JVM has not open for others, the child has not either: what has the number may be our own loop. */
    private void merge(Command command) {
        if (!command.mergesStderr()) {
            return;
        }
        boolean inherited = command.inherited().contains(1) && Fd.isInherited(1);
        Integer output = inherited ? Integer.valueOf(1) : descriptors.get(1);
        if (output != null) {
            descriptors.put(2, output);
        }
    }
}
