package dev.brood.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.SpawnException;
import dev.brood.sys.Clone;
import dev.brood.sys.SignalMask;
import dev.brood.testing.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A start that says exactly which signals are blocked and ignored. */
class GivenSignalsTest {
    private static final SignalMask BLOCKED = SignalMask.of(10, 34); // USR1 RTMIN
    private static final SignalMask IGNORED =
            SignalMask.of(1, 3, 13, 17, 25); // HUP QUIT PIPE CHLD XFSZ: the JVM catches some

    @ParameterizedTest
    @EnumSource(Clone.class)
    @Contract({"S07", "S13"})
    void theChildBlocksAndIgnoresThoseAndNoOthers(Clone how) throws Exception {
        assertThat(signals(giving(new ProgramSpawner(how), BLOCKED, IGNORED)))
                .containsExactly(line("SigBlk", BLOCKED), line("SigIgn", IGNORED));
    }

    @Test
    @Contract("S16")
    void posixSpawnBlocksThemToo() throws Exception {
        assertThat(signals(giving(Spawner.posixSpawn(), BLOCKED, SignalMask.EMPTY)))
                .contains(line("SigBlk", BLOCKED));
    }

    @Test
    @Contract("S16")
    void posixSpawnRefusesWhatTheJvmItselfDoesNotIgnore() {
        assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> signals(giving(Spawner.posixSpawn(), SignalMask.EMPTY, IGNORED)))
                .withMessageContaining("setting the ignored signals, which posix_spawn cannot set");
    }

    private static Spawner giving(Spawner spawner, SignalMask blocked, SignalMask ignored) {
        return asked -> spawner.spawn(new SpawnRequest(
                asked.program(),
                asked.arguments(),
                asked.environment(),
                asked.directory(),
                asked.inherited(),
                asked.descriptors(),
                asked.group(),
                asked.newSession(),
                asked.keepSignals(),
                asked.foreground(),
                asked.setup().signals(blocked.bits(), ignored.bits())));
    }

    private static List<String> signals(Spawner spawner) throws Exception {
        try (Brood brood = Brood.builder().spawner(spawner).build()) {
            return brood.run(Command.of("grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"))
                    .stdoutText()
                    .lines()
                    .toList();
        }
    }

    private static String line(String field, SignalMask signals) {
        return "%s:\t%016x".formatted(field, signals.bits());
    }
}
