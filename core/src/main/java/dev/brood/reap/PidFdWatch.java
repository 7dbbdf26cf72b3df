package dev.brood.reap;

import dev.brood.loop.DescriptorHandler;
import dev.brood.loop.DescriptorRegistration;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Readiness;
import dev.brood.sys.PidFd;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One child's pidfd on the loop: when it turns readable, the child is looked at.
 *
 * <pre>
 *   WATCHED --- readable, ended ------> off the loop, for good
 *           --- readable, not ended --> PAUSED --- timer ---> look again, WATCHED
 * </pre>
 *
 * <p>Readable without a death to reap means that a tracer holds the zombie, that a thief is just reaping it, or that others are still being
 * signalled, with whom it is looked at together. The pidfd stays readable then, so it is paused, ever longer. A child whose pidfd cannot be opened or watched, for want of descriptors or memory, is
 * looked at in the same rhythm until it can.
 */
final class PidFdWatch implements DescriptorHandler, ActiveChild.Watching {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
    private static final Duration MOMENT = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE =
            Duration.ofMillis(128); // how late a traced child's death is heard at most

    private final EventLoop loop;
    private final ActiveChild child;
    private @Nullable DescriptorRegistration registration; // guarded by this
    private Duration pause = FIRST_PAUSE;

    PidFdWatch(EventLoop loop, ActiveChild child) {
        this.loop = loop;
        this.child = child;
    }

    void begin() {
        child.onEnd(this);
        if (!register()) {
            lookLater();
        }
    }

    @Override
    public void ready(Readiness hint) {
        DescriptorRegistration watched = registration();
        if (!look() && watched != null) {
            lookLater(); // before the pause: where there is no memory for a timer, the loop comes back
            watched.pause();
        }
    }

    /** Whether the pidfd is on the loop now. Locked, for its first event may come before the registration is kept. */
    private synchronized boolean register() {
        PidFd pidfd = child.pidfd();
        try {
            if (pidfd == null) {
                pidfd = PidFd.open(child.pid());
                child.adopt(pidfd);
            }
            registration = loop.watch(pidfd.number(), Interest.READ, this);
            return true;
        } catch (IOException | IllegalStateException notNow) {
            return false;
        }
    }

    private boolean look() {
        boolean tooSoon = child.isTooSoon();
        pause = tooSoon ? MOMENT : pause;
        return !tooSoon && child.look();
    }

    private void lookLater() {
        if (!child.isActive()) {
            return;
        }
        try {
            loop.schedule(pause, this::lookAgain);
        } catch (IllegalStateException ended) {
            return; // whoever watches the loop gives the child up
        }
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }

    private void lookAgain() {
        if (look()) {
            return;
        }
        DescriptorRegistration watched = registration();
        if (watched != null) {
            watched.resume();
        } else if (!register()) {
            lookLater();
        }
    }

    @Override
    public void end() {
        DescriptorRegistration watched = registration();
        if (watched != null) {
            watched.cancel();
        }
    }

    private synchronized @Nullable DescriptorRegistration registration() {
        return registration;
    }
}
