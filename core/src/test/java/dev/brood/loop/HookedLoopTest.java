package dev.brood.loop;

import dev.brood.testing.Contract;
import dev.brood.testing.LoopHost;
import dev.brood.testing.LoopSuite;

/** A loop that has hooks only. */
@Contract({"L01", "L03", "L05", "L11"})
class HookedLoopTest extends LoopSuite {
    @Override
    protected LoopHost open() throws Exception {
        return new HookHost();
    }
}
