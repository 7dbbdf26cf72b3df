package dev.brood.loop;

import dev.brood.micro.Cost;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The timers of a loop, without the alarm: no system call. */
public class TimersCost extends Cost {
    private final Timers timers = new Timers(new Unheard(), () -> {});
    private Duration middle = Duration.ZERO;

    /** How many timers are set already, one a second from now on. */
    @Param({"10", "10000"})
    public int others;

    @Setup
    public void set() {
        for (int i = 1; i <= others; i++) {
            timers.add(Deadline.after(Duration.ofHours(1).plusSeconds(i)), () -> {});
        }
        middle = Duration.ofHours(1).plusSeconds(others / 2);
    }

    /** A deadline that is not needed in the end, such as a child's. */
    @Benchmark
    public boolean addAndCancel() throws IOException {
        Timers.Timer timer = timers.add(Deadline.after(middle), () -> {});
        timers.rearm();
        return timer.cancel();
    }

    /** One that is due at once. */
    @Benchmark
    public Timers.Timer addAndRun() throws IOException {
        timers.add(Deadline.after(Duration.ZERO), () -> {});
        timers.rearm();
        Timers.Timer due = Objects.requireNonNull(timers.next());
        due.run();
        return due;
    }

    /** Goes off where nobody hears it. */
    private static final class Unheard implements Alarm {
        @Override
        public void set(long delayNanos) {}

        @Override
        public void silence() {}
    }
}
