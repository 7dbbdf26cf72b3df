package dev.brood.engine;

import dev.brood.Disaster;
import dev.brood.Lost;
import dev.brood.engine.starting.NotStarted;
import dev.brood.reap.Death;
import dev.brood.spawn.StepFailure;
import dev.brood.sys.Errno;
import java.io.IOException;

/** What failures need, loaded while there are descriptors and memory for it. */
final class Provision {
    private Provision() {}

    /** Goes once through what a failure goes through. */
    static void lay() {
        for (StepFailure.Step step : StepFailure.Step.values()) {
            IOException failure = NotStarted.because("", new StepFailure(step, "", Errno.EMFILE));
            Disaster disaster = new Disaster(Disaster.Kind.LOOP, failure);
            String _ = disaster.toString();
        }
        for (Death death : new Death[] {new Death.Unheard(), new Death.Abandoned(), new Death.Robbed()}) {
            String _ = death.toString();
        }
        String _ = new Lost(Lost.Reason.UNHEARD).describe();
    }
}
