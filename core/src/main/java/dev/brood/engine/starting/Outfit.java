package dev.brood.engine.starting;

import dev.brood.Command;
import dev.brood.Output;
import dev.brood.Stdio;
import dev.brood.engine.streams.ChildOutput;
import dev.brood.engine.streams.OurEnd;
import dev.brood.spawn.Bytes;
import dev.brood.spawn.StepFailure;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The descriptors of one start: what the child gets, opened before there is a child, so that a file that cannot be opened is known by
 * name. Closing it closes the child's ends, and ours of the pipes unless they were taken.
 */
final class Outfit implements AutoCloseable {
    private static final int AS_IT_IS = 0; // the size of a pipe
    private static final Bytes NOTHING = Bytes.of("");

    private final NavigableMap<Integer, Integer> descriptors = new TreeMap<>();
    private final List<Fd> theirs = new ArrayList<>(4);
    private final List<OurEnd> ours = new ArrayList<>(4);

    private final Map<Stdio.File, Integer> written = new HashMap<>(2);
    private final Opening opening;

    private Outfit(Opening opening) {
        this.opening = opening;
    }

    /**
     * Opens what a command asks for.
     *
     * @throws StepFailure a file or pipe could not be opened; what was opened before is closed
     */
    static Outfit open(Command.Parts command, Opening opening) throws StepFailure {
        Outfit outfit = new Outfit(opening);
        try {
            for (Map.Entry<Integer, Stdio> entry : command.stdio().entrySet()) {
                outfit.pass(entry.getKey(), entry.getValue());
            }
            for (Map.Entry<Integer, Stdio> entry : command.stdio().entrySet()) {
                outfit.add(entry.getKey(), entry.getValue());
            }
            Optional<Command.Terminal> terminal = command.terminal();
            if (terminal.isPresent()) {
                outfit.addTerminal(terminal.get(), Inheritance.unsaid(command));
            }
            outfit.merge(command);
            return outfit;
        } catch (StepFailure | RuntimeException | Error failure) {
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
        if (what instanceof Stdio.Descriptor(int ours)) {
            descriptors.put(number, open(ours));
        }
    }

    private void add(int number, Stdio what) throws StepFailure {
        switch (what) {
            case Stdio.Inherited _, Stdio.Descriptor _, Stdio.SameAsStdout _ -> {}
            case Stdio.Lifeline _ -> descriptors.put(number, lifeline());
            case Stdio.Null _ -> give(number, Opening.devNull(number));
            case Stdio.File file -> file(number, file);
            case Stdio.From(Output output) -> give(number, taken(number, output));
            case Stdio.Pipe(OptionalInt size) -> pipe(number, number != 0, what, size.orElse(AS_IT_IS));
            case Stdio.PipeToChild _, Stdio.Content _ -> pipe(number, false, what, AS_IT_IS);
            case Stdio.Collect _ -> pipe(number, true, what, AS_IT_IS);
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

    /** What is written under several numbers is one open file: with a place of its own each, one would overwrite the other. */
    private void file(int number, Stdio.File file) throws StepFailure {
        Integer open = file.access() == Stdio.Access.READ ? null : written.get(file);
        if (open != null) {
            descriptors.put(number, open);
            return;
        }
        Fd opened = opening.open(number, file.path(), file.access());
        give(number, opened);
        written.put(file, opened.number());
    }

    private static int lifeline() throws StepFailure {
        try {
            return Lifeline.readEnd();
        } catch (ErrnoException full) {
            throw new StepFailure(StepFailure.Step.RESOURCES, "for a lifeline", full.errno());
        }
    }

    private static Fd taken(int number, Output output) throws StepFailure {
        if (!(output instanceof ChildOutput ours)) {
            throw new IllegalArgumentException("descriptor " + number + " is to be what another child writes, but "
                    + output.getClass().getName() + " is no output of this library's");
        }
        try {
            return new Fd(ours.hand());
        } catch (IOException ended) {
            throw new StepFailure(StepFailure.Step.DESCRIPTOR, number + ", " + ours.title(), Errno.EBADF);
        }
    }

    private void pipe(int number, boolean toUs, Stdio what, int size) throws StepFailure {
        try {
            Pipe pipe = Pipe.open();
            Fd our = toUs ? pipe.readEnd() : pipe.writeEnd();
            give(number, toUs ? pipe.writeEnd() : pipe.readEnd());
            ours.add(new OurEnd(number, our, toUs, what, false, NOTHING));
            our.nonBlocking();
            if (size != AS_IT_IS) {
                boolean _ = our.pipeSize(size);
            }
        } catch (ErrnoException failure) {
            throw new StepFailure(StepFailure.Step.RESOURCES, "for a pipe on descriptor " + number, failure.errno());
        }
    }

    /** What nothing is said of is the terminal. */
    private void addTerminal(Command.Terminal shape, List<Integer> numbers) throws StepFailure {
        if (numbers.isEmpty()) {
            return;
        }
        try {
            ChildTerminal.open(shape, this, numbers);
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
    private void merge(Command.Parts command) {
        boolean inherited = Inheritance.of(command).contains(1) && Fd.isInherited(1);
        for (Map.Entry<Integer, Stdio> entry : command.stdio().entrySet()) {
            Integer output = inherited ? Integer.valueOf(1) : descriptors.get(1);
            if (entry.getValue() instanceof Stdio.SameAsStdout && output != null) {
                descriptors.put(entry.getKey(), output);
            }
        }
    }
}
