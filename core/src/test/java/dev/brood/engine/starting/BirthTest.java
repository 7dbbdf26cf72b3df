package dev.brood.engine.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.brood.Command;
import dev.brood.Output;
import dev.brood.Stdio;
import dev.brood.engine.telling.Reentry;
import dev.brood.engine.telling.Turns;
import dev.brood.loop.EventLoop;
import dev.brood.reap.ActiveChild;
import dev.brood.reap.ExitSource.Reservation;
import dev.brood.reap.OwnChildren;
import dev.brood.reap.PidFdExits;
import dev.brood.reap.Reaping;
import dev.brood.spawn.Spawned;
import dev.brood.spawn.Spawner;
import dev.brood.testing.Contract;
import dev.brood.testing.Leftovers;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A start that nobody adopts leaves nothing, whichever way it was made and however far it came. */
@Contract({"S02", "R19"})
class BirthTest {
    private static final Command PIPED = Command.of("sleep", "1000")
            .stdin(Stdio.pipe())
            .stdout(Stdio.pipe())
            .stderr(Stdio.devNull())
            .fd(7, Stdio.collect(10));

    private final List<String> given = new ArrayList<>();
    private EventLoop loop;
    private int before;

    /** Who makes the child. */
    enum Way {
        STANDARD(Spawner.standard()),
        POSIX_SPAWN(Spawner.posixSpawn()),
        WITHOUT_PIDFD(request -> {
            Spawned spawned = Spawner.posixSpawn().spawn(request);
            return new Spawned(spawned.pid());
        });

        @SuppressWarnings("ImmutableEnumChecker") // keeps nothing
        private final Spawner spawner;

        Way(Spawner spawner) {
            this.spawner = spawner;
        }
    }

    @BeforeEach
    void open() throws Exception {
        loop = EventLoop.create();
        start(Way.STANDARD).close(); // what the first start opens for good
        before = Leftovers.descriptors().size();
        given.clear();
    }

    @AfterEach
    void close() {
        loop.close();
    }

    @ParameterizedTest
    @EnumSource
    void childThatIsNotAdoptedIsKilledReapedAndEverythingGivenBack(Way way) throws Exception {
        long pid;
        try (Birth birth = start(way)) {
            pid = birth.pid();
            assertThat(Path.of("/proc/" + pid)).exists();
            assertThat(birth.ours()).hasSize(3);
        }

        assertThat(Path.of("/proc/" + pid)).doesNotExist();
        assertThat(given).containsExactly("reserved", "given back");
        assertThat(Leftovers.descriptors()).hasSize(before);
    }

    @ParameterizedTest
    @EnumSource
    void childThatIsAdoptedIsLeftAlone(Way way) throws Exception {
        Birth birth = start(way);
        birth.adopt();
        birth.close();

        assertThat(Files.readString(Path.of("/proc/" + birth.pid() + "/stat"))).doesNotContain(") Z");
        assertThat(given).containsExactly("reserved");
        bury(birth);
        assertThat(Leftovers.descriptors()).hasSize(before);
    }

    @Test
    void startThatFailsGivesEverythingBack() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> starting(Spawner.standard())
                        .start(Command.of("/no/such/program")
                                .stdout(Stdio.pipe())
                                .parts()));

        assertThat(given).containsExactly("reserved", "given back");
        assertThat(Leftovers.descriptors()).hasSize(before);
    }

    @Test
    void spawnerThatThrowsAnErrorCostsNothing() {
        Starting starting = starting(_ -> {
            throw new StackOverflowError("by the test");
        });

        assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> starting.start(PIPED.parts()));

        assertThat(given).containsExactly("reserved", "given back");
        assertThat(Leftovers.descriptors()).hasSize(before);
    }

    @Test
    @Contract("S03")
    void childThatIsNoneIsNotKilled() throws Exception {
        Starting starting = starting(_ -> new Spawned(ProcessHandle.current().pid(), OptionalInt.empty()));

        try (Birth birth = starting.start(PIPED.parts())) {
            assertThat(birth.refused("the pid of an active child")).hasMessageContaining("active child");
        }

        assertThat(given).containsExactly("reserved", "given back");
    }

    @Test
    void startThatIsRefusedHalfwayClosesWhatIsOpen() throws Exception {
        Output foreign = (Output) Proxy.newProxyInstance(
                Output.class.getClassLoader(), new Class<?>[] {Output.class}, (proxy, method, arguments) -> 0);
        Command command = PIPED.fd(8, Stdio.from(foreign));

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> starting(Spawner.standard()).start(command.parts()))
                .withMessageContaining("no output of this library's");

        assertThat(given).isEmpty();
    }

    private Birth start(Way way) throws IOException {
        return starting(way.spawner).start(PIPED.parts());
    }

    private Starting starting(Spawner spawner) {
        return new Starting(new Turns(loop), new Reentry(), new Noting(), spawner);
    }

    /** As whoever adopts it would in the end. */
    private static void bury(Birth birth) {
        Birth again = new Birth(birth.place(), birth.foreground(), birth.reaping(), birth.ours());
        try (again) {
            again.bear(() -> birth.pidfd() == null
                    ? new Spawned(birth.pid())
                    : new Spawned(birth.pid(), OptionalInt.of(birth.pidfd().number())));
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Hears by pidfds, and notes what is taken and given back. */
    private final class Noting implements Hearing {
        private final OwnChildren owner = new OwnChildren(new PidFdExits(loop));

        @Override
        public Reservation reserve(boolean givesPidfd) throws IOException {
            Reservation reserved = owner.reserve(givesPidfd);
            given.add("reserved");
            return new Reservation() {
                @Override
                public void watch(ActiveChild child) {
                    reserved.watch(child);
                }

                @Override
                public void close() {
                    given.add("given back");
                    reserved.close();
                }
            };
        }

        @Override
        public Reaping reaping() {
            return Reaping.REAP;
        }
    }
}
