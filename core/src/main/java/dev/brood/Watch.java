package dev.brood;

import dev.brood.loop.Registration;

/** Something that is waited for, until it comes or this is cancelled. Any thread. */
public final class Watch {
    private final Registration registration;

    Watch(Registration registration) {
        this.registration = registration;
    }

    /**
     * Waits no more: once this has returned, its callback does not begin.
     *
     * @return whether this call ended it
     */
    public boolean cancel() {
        return registration.cancel();
    }

    /** {@return whether its callback can still come} */
    public boolean isActive() {
        return registration.isActive();
    }
}
