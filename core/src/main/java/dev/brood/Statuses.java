package dev.brood;

import dev.brood.sys.WaitStatus;

/** Where wait statuses become exit statuses. */
final class Statuses {
    private Statuses() {}

    static ExitStatus of(WaitStatus status) {
        return status.exited()
                ? new Exited(status.code())
                : new Signaled(new Signal(status.signal()), status.coreDumped());
    }
}
