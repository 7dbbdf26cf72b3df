package dev.brood;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Children of which each reads what the one before writes, as a shell's {@code a | b | c}. The data flows in the kernel. Where one reads no
 * more, the one before ends by SIGPIPE when it writes.
 *
 * <p>Only the library implements it: a release may add methods.
 */
public interface Pipeline {
    /** {@return the children, first to last} The first one's input and the last one's output are what their commands say. */
    List<Child> children();

    /** {@return what completes when all have ended, with how, first to last} A new one each call. */
    CompletableFuture<List<Exit>> exits();

    /**
     * Waits until all have ended, as {@link Child#await} does.
     *
     * @return how, first to last
     * @throws InterruptedException the thread was interrupted; the children run on and nothing is lost
     */
    List<Exit> await() throws InterruptedException;

    /** {@return the status of the last child that did not succeed, or else of the last: what a shell with {@code pipefail} goes by} */
    static ExitStatus pipefail(List<Exit> exits) {
        return exits.reversed().stream()
                .map(Exit::status)
                .filter(status -> !status.success())
                .findFirst()
                .orElseGet(() -> exits.getLast().status());
    }
}
