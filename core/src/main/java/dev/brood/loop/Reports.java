package dev.brood.loop;

/** What the host of a hooked loop reports, on its own threads: each report runs the loop. */
final class Reports {
    private final Driving driving;
    private final Turn turn;
    private final EventSources sources;

    Reports(Driving driving, Turn turn, EventSources sources) {
        this.driving = driving;
        this.turn = turn;
        this.sources = sources;
    }

    /** Something has come on what the loop watches itself. */
    void reported() {
        driving.dispatchReport();
    }

    /** What the host saw of a descriptor, long ago perhaps. */
    void reported(long data, int bits) {
        sources.tasks().put(() -> turn.dispatch(data, bits));
        reported();
    }

    /** The host's timer has fired. */
    void alarmed() {
        sources.timers().alarmed();
        reported();
    }

    /** The host could not take something off. */
    void unhooked(Exception failure) {
        sources.observers().tell(LoopFailure.Kind.MACHINERY, failure);
    }
}
