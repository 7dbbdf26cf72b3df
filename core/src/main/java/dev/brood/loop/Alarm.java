package dev.brood.loop;

import dev.brood.sys.TimerFd;
import java.io.IOException;

/** What wakes a loop at a time. */
interface Alarm {
    /** Goes off once, in place of what was set before. */
    void set(long delayNanos) throws IOException;

    /** Goes off no more. */
    void silence();

    /** A timer of the kernel's. */
    static Alarm of(TimerFd timer) {
        return new Alarm() {
            @Override
            public void set(long delayNanos) throws IOException {
                timer.set(delayNanos);
            }

            @Override
            public void silence() {
                timer.close();
            }
        };
    }
}
