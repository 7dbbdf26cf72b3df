package dev.brood.engine.starting;

import dev.brood.sys.ErrnoException;
import dev.brood.sys.Pipe;
import org.jspecify.annotations.Nullable;

/**
 * One pipe for the process, whose writing end nobody but this JVM has and never closes: it ends with the JVM, however that ends. Made when it is
 * first asked for.
 */
final class Lifeline {
    private static @Nullable Pipe pipe;

    private Lifeline() {}

    /** {@return the number of the end that children get} */
    static synchronized int readEnd() throws ErrnoException {
        Pipe open = pipe;
        if (open == null) {
            open = Pipe.open();
            pipe = open;
        }
        return open.readEnd().number();
    }
}
