package dev.brood.reap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.reap.RealChild.Told;
import dev.brood.testing.Contract;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The table of active children. */
class RegistryTest {
    private final Told told = new Told();

    @Test
    @Contract({"C01", "C04"})
    void childIsInTheTableUntilJustBeforeItsEndIsTold() throws Exception {
        try (RealChild real = RealChild.ended("exit 3")) {
            int[] size = {-1};
            ActiveChild child = new ActiveChild(real.pid(), real.pidfd(), Reaping.REAP, new DeathListener() {
                @Override
                public void ended(Death death) {
                    size[0] = Registry.size();
                }

                @Override
                public void waitFailed(IOException cause) {}
            });
            assertThat(Registry.add(child)).isTrue();
            assertThat(Registry.size()).isEqualTo(1);

            assertThat(child.look()).isTrue();

            assertThat(size).containsExactly(0);
        }
    }

    @Test
    @Contract("S03")
    void pidOfAnActiveChildIsRefused() throws Exception {
        try (RealChild real = RealChild.running("exit 3")) {
            ActiveChild child = add(real);

            assertThat(Registry.add(new ActiveChild(real.pid(), null, Reaping.REAP, told)))
                    .isFalse();
            real.end();
            assertThat(Registry.add(new ActiveChild(real.pid(), null, Reaping.REAP, told)))
                    .isFalse();

            assertThat(Registry.size()).isEqualTo(1);
            assertThat(child.look()).isTrue();
        }
    }

    @Test
    @Contract({"C02", "C03"})
    void pidThatTheKernelGaveOutAgainIsTheNewerChildsAndTheOlderStillHearsOfItsEnd() throws Exception {
        try (RealChild real = RealChild.ended("exit 3")) {
            ActiveChild older = add(real);
            assertThat(real.steal()).isPresent();
            ActiveChild newer = new ActiveChild(real.pid(), null, Reaping.REAP, new Told());

            assertThat(Registry.add(newer)).isTrue();

            assertThat(older.giveUp(new Death.Robbed())).isTrue();
            assertThat(told.deaths()).containsExactly(new Death.Robbed());
            assertThat(Registry.size()).isEqualTo(1);
            assertThat(newer.giveUp(new Death.Robbed())).isTrue();
            assertThat(Registry.size()).isZero();
        }
    }

    @Test
    @Contract("C03")
    void pidOfAnEndedChildIsFree() throws Exception {
        try (RealChild real = RealChild.ended("exit 3")) {
            assertThat(add(real).look()).isTrue();
            ActiveChild newer = new ActiveChild(real.pid(), null, Reaping.REAP, told);

            assertThat(Registry.add(newer)).isTrue();

            assertThat(newer.giveUp(new Death.Abandoned())).isTrue();
        }
    }

    private ActiveChild add(RealChild real) throws IOException {
        ActiveChild child = new ActiveChild(real.pid(), real.pidfd(), Reaping.REAP, told);
        assertThat(Registry.add(child)).isTrue();
        return child;
    }
}
