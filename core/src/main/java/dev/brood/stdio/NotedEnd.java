package dev.brood.stdio;

import dev.brood.sys.Fd;

/** An end of which it is noted when something comes from it. Of its own, so that others need not remember for whom. */
public final class NotedEnd extends PipeEnd {
    private final Activity activity;

    /** Takes ownership of a descriptor that does not block. */
    public NotedEnd(Fd fd, Activity activity) {
        super(fd);
        this.activity = activity;
    }

    @Override
    void got(int count) {
        if (count > 0) {
            activity.note();
        }
    }
}
