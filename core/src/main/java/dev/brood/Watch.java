package dev.brood;

import dev.brood.loop.Registration;
import java.util.function.Consumer;

/** Something that is waited for, until it comes or this is cancelled. Any thread. */
public final class Watch {
    private final Registration registration;
    private final Consumer<Watch> forget;

    Watch(Registration registration, Consumer<Watch> forget) {
        this.registration = registration;
        this.forget = forget;
    }

    /**
     * Waits no more: once this has returned, its callback does not begin.
     *
     * @return whether this call ended it
     */
    public boolean cancel() {
        forget.accept(this);
        return registration.cancel();
    }

    /** {@return whether its callback can still come} */
    public boolean isActive() {
        return registration.isActive();
    }
}
