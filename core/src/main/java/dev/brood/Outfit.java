package dev.brood;

import dev.brood.spawn.StepFailure;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The descriptors of one start: what the child gets, opened before there is a child, so that a file that cannot be opened is known by
 * name. Closing it closes the child's ends, and ours of the pipes unless they were taken.
 */
final class Outfit implements AutoCloseable {
    private static final int NEW_FILE = 0666;

    private final NavigableMap<Integer, Integer> descriptors = new TreeMap<>();
    private final List<Fd> theirs = new ArrayList<>(4);
    private final Map<Integer, Fd> ours = new TreeMap<>();

    private Outfit() {}

    /**
     * Opens what a command asks for.
     *
     * @throws StepFailure a file or pipe could not be opened; what was opened before is closed
     */
    static Outfit open(Command command) throws StepFailure {
        Outfit outfit = new Outfit();
        try {
            for (int standard = 0; standard <= 2; standard++) {
                if (!command.stdio().containsKey(standard) && !(standard == 2 && command.mergesStderr())) {
                    outfit.inherit(standard);
                }
            }
            for (Map.Entry<Integer, Stdio> entry : command.stdio().entrySet()) {
                outfit.pass(entry.getKey(), entry.getValue());
            }
            for (Map.Entry<Integer, Stdio> entry : command.stdio().entrySet()) {
                outfit.add(entry.getKey(), entry.getValue());
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

    /** Hands over our ends of the pipes, by the child's number. */
    Map<Integer, Fd> takePipes() {
        Map<Integer, Fd> taken = new TreeMap<>(ours);
        ours.clear();
        return taken;
    }

    @Override
    public void close() {
        theirs.forEach(Fd::close);
        ours.values().forEach(Fd::close);
    }

    /** What is open already: before anything is opened, which could get a number that is meant to be closed. */
    private void pass(int number, Stdio what) throws StepFailure {
        switch (what.kind()) {
            case INHERIT -> inherit(number);
            case DESCRIPTOR -> descriptors.put(number, open(what.number()));
            case FILE, PIPE, COLLECT -> {}
        }
    }

    private void add(int number, Stdio what) throws StepFailure {
        switch (what.kind()) {
            case INHERIT, DESCRIPTOR -> {}
            case FILE -> give(number, file(number, what));
            case PIPE, COLLECT -> pipe(number);
        }
    }

    /** What the JVM has not open for others, the child has not either: what has the number may be our own loop. */
    private void inherit(int number) {
        if (Fd.isInherited(number)) {
            descriptors.put(number, number);
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

    private static Fd file(int number, Stdio what) throws StepFailure {
        try {
            return Fd.open(what.path(), what.number(), NEW_FILE);
        } catch (ErrnoException failure) {
            String subject = number + ", file '" + new String(what.path(), StandardCharsets.UTF_8) + "'";
            throw switch (failure.errno()) {
                case Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM ->
                    new StepFailure(StepFailure.Step.RESOURCES, "for descriptor " + subject, failure.errno());
                default -> new StepFailure(StepFailure.Step.DESCRIPTOR, subject, failure.errno());
            };
        }
    }

    private void pipe(int number) throws StepFailure {
        try {
            Pipe pipe = Pipe.open();
            give(number, pipe.writeEnd());
            ours.put(number, pipe.readEnd());
            pipe.readEnd().nonBlocking();
        } catch (ErrnoException failure) {
            throw new StepFailure(StepFailure.Step.RESOURCES, "for a pipe on descriptor " + number, failure.errno());
        }
    }

    private void give(int number, Fd fd) {
        theirs.add(fd);
        descriptors.put(number, fd.number());
    }

    private void merge(Command command) {
        Integer output = descriptors.get(1);
        if (command.mergesStderr() && output != null) {
            descriptors.put(2, output);
        }
    }
}
