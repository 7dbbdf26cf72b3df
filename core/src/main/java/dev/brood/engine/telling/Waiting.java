package dev.brood.engine.telling;

import dev.brood.Watch;
import dev.brood.loop.Registration;
import java.util.function.Consumer;

/** A registration on the loop, for who waits for what it brings. */
public final class Waiting implements Watch {
    private final Registration registration;
    private final Consumer<Watch> forget;

    public Waiting(Registration registration, Consumer<Watch> forget) {
        this.registration = registration;
        this.forget = forget;
    }

    @Override
    public boolean cancel() {
        forget.accept(this);
        return registration.cancel();
    }

    @Override
    public boolean isActive() {
        return registration.isActive();
    }
}
