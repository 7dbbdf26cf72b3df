package dev.brood.cli;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** Why something failed, in words: the JDK's message of some failures is the name of the file alone, and of others there is none. */
final class Reason {
    private Reason() {}

    /** Why what it wraps has failed. */
    static String within(UncheckedIOException wrapper) {
        Throwable cause = wrapper.getCause();
        return of(cause == null ? wrapper : cause);
    }

    static String of(Throwable failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "No such file or directory";
            case AccessDeniedException _ -> "Permission denied";
            case FileAlreadyExistsException _ -> "File exists";
            case FileSystemException named -> Objects.requireNonNullElse(named.getReason(), named.toString());
            default -> Objects.requireNonNullElse(failure.getMessage(), failure.toString());
        };
    }
}
