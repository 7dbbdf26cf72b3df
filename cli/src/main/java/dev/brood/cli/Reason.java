package dev.brood.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** Why a file could not be used, in words: the JDK's message of some failures is the name of the file alone. */
final class Reason {
    private Reason() {}

    static String of(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "No such file or directory";
            case AccessDeniedException _ -> "Permission denied";
            case FileAlreadyExistsException _ -> "File exists";
            case FileSystemException named -> Objects.requireNonNullElse(named.getReason(), named.toString());
            default -> Objects.requireNonNullElse(failure.getMessage(), failure.toString());
        };
    }
}
