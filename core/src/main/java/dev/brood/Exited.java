package dev.brood;

/**
 * The child exited by itself.
 *
 * @param code its exit code, 0 to 255
 */
public record Exited(int code) implements ExitStatus {
    /**
     * Checks the code.
     *
     * @throws IllegalArgumentException it is not 0 to 255
     */
    public Exited {
        if (code < 0 || code > 255) {
            throw new IllegalArgumentException("no exit code: " + code);
        }
    }

    @Override
    public boolean success() {
        return code == 0;
    }

    @Override
    public int shellCode() {
        return code;
    }

    @Override
    public String describe() {
        return code == 0 ? "ended well" : "exited with error status " + code;
    }
}
