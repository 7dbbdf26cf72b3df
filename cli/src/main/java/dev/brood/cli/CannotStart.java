package dev.brood.cli;

import dev.brood.SpawnException;
import java.io.IOException;

/** Where the program itself is the fault, every item would fail alike. */
final class CannotStart extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    CannotStart(SpawnException cause) {
        super(String.valueOf(cause.getMessage()), cause);
        this.status = cause.shellCode();
    }

    /** With which status that ends. */
    int status() {
        return status;
    }
}
