package dev.brood.engine.starting;

import dev.brood.SpawnException;
import dev.brood.spawn.StepFailure;
import java.io.IOException;
import java.io.Serial;
import java.util.Optional;

/** Where a failed start becomes a {@link SpawnException}. */
public final class NotStarted {
    private NotStarted() {}

    /** The child could not be heard of, so it is not started. */
    static final class Unheard extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;

        Unheard(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** Translates what the room below said. */
    public static SpawnException because(String program, IOException cause) {
        if (cause instanceof StepFailure failure) {
            SpawnException.Step step =
                    SpawnException.Step.valueOf(failure.step().name());
            return new SpawnException(program, step, Optional.of(failure.errnoName()), cause);
        }
        SpawnException.Step step = cause instanceof Unheard ? SpawnException.Step.WATCH : SpawnException.Step.SPAWNER;
        return new SpawnException(program, step, Optional.empty(), cause);
    }
}
