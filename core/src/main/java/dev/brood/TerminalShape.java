package dev.brood;

import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.Pty;
import java.util.List;

/** A pseudo-terminal that a command asks for. */
record TerminalShape(int rows, int columns, boolean raw) {
    private static final byte[] END_OF_FILE = {4}; // Ctrl-D, which a line discipline takes for the end
    private static final byte[] NOTHING = {};
    private static final Stdio.Kind KIND = new Stdio.Kind.Terminal();

    /** Opens one, and puts its sides where they belong: the child's are {@code numbers}. */
    void open(Outfit outfit, List<Integer> numbers) throws ErrnoException {
        Pty pty = Pty.open();
        numbers.forEach(number -> outfit.give(number, pty.terminal()));
        Fd controller = pty.controller();
        if (numbers.getLast() > 0) {
            outfit.keep(new Outfit.OurEnd(Math.max(1, numbers.getFirst()), controller, true, KIND, NOTHING));
        }
        if (numbers.getFirst() == 0) {
            Fd writing = numbers.getLast() > 0 ? Fd.duplicate(controller.number(), 0) : controller;
            outfit.keep(new Outfit.OurEnd(0, writing, false, KIND, raw ? NOTHING : END_OF_FILE));
        }
        controller.nonBlocking();
        pty.resize(rows, columns);
        if (raw) {
            pty.raw();
        }
    }
}
