package dev.brood.engine.starting;

import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.engine.streams.OurEnd;
import dev.brood.spawn.Bytes;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.Pty;
import java.util.List;
import java.util.OptionalInt;

/** Opens the pseudo-terminal that a command asks for. */
final class ChildTerminal {
    private static final Bytes END_OF_FILE = Bytes.of("\4"); // Ctrl-D, which a line discipline takes for the end
    private static final Bytes NOTHING = Bytes.of("");
    private static final Stdio PIPE = new Stdio.Pipe(OptionalInt.empty()); // as which it is read and written

    private ChildTerminal() {}

    /** Opens one, and puts its sides where they belong: the child's are {@code numbers}. */
    static void open(Command.Terminal shape, Outfit outfit, List<Integer> numbers) throws ErrnoException {
        Pty pty = Pty.open();
        numbers.forEach(number -> outfit.give(number, pty.terminal()));
        Fd controller = pty.controller();
        if (numbers.getLast() > 0) {
            outfit.keep(new OurEnd(Math.max(1, numbers.getFirst()), controller, true, PIPE, true, NOTHING));
        }
        if (numbers.getFirst() == 0) {
            Fd writing = numbers.getLast() > 0 ? Fd.duplicate(controller.number(), 0) : controller;
            outfit.keep(new OurEnd(0, writing, false, PIPE, true, shape.raw() ? NOTHING : END_OF_FILE));
        }
        controller.nonBlocking();
        pty.resize(shape.rows(), shape.columns());
        if (shape.raw()) {
            pty.raw();
        }
    }
}
