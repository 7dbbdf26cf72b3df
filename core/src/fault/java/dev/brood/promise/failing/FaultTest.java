package dev.brood.promise.failing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.spawn.Way;
import dev.brood.sys.Errno;
import dev.brood.sys.Faults;
import dev.brood.sys.Faults.Fault;
import dev.brood.sys.Subreaper;
import dev.brood.testing.Contract;
import dev.brood.testing.Log;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** System calls fail under a context: nothing hangs, every child that was started has its one event, and nothing is left. */
@Timeout(120) // a trial has bounds of its own
class FaultTest {
    private static final long SEED = Long.getLong("dev.brood.seed", System.nanoTime());
    private static final List<Integer> ERRNOS =
            List.of(Errno.EINTR, Errno.EAGAIN, Errno.EMFILE, Errno.ENOMEM, Errno.ENOSYS, Errno.EPERM, Errno.ECHILD);
    private static final int OFTEN = 50;
    private static final int ROUNDS = 200;
    private static final int MOST_AT_ONCE = 3;

    /** Calls of the children's, and what contexts do not use. */
    private static final Set<String> NOT_MADE_HERE = Set.of(
            "MMAP",
            "MPROTECT",
            "MUNMAP", // once a process
            "CLOSE_RANGE",
            "DUP3",
            "EXECVE",
            "CHDIR",
            "SETSID",
            "SETPGID",
            "UMASK", // from here to SETNS: rows of a child's program
            "SETGROUPS",
            "SETRESUID",
            "SETRESGID",
            "CAPSET",
            "SETPRIORITY",
            "SCHED_SETSCHEDULER",
            "SCHED_SETAFFINITY",
            "IOPRIO_SET",
            "PRLIMIT64",
            "SETNS",
            "RT_SIGACTION",
            "KILL",
            "IOCTL",
            "FACCESSAT", // the second way, after a first that failed
            "SPLICE");

    private static final Map<Play, Map<String, Integer>> MADE = new LinkedHashMap<>();

    private final Random random = new Random(SEED);
    private final Log log = Log.open();

    /** A scenario by a way of starting. */
    record Play(Scenario scenario, Way way) {}

    @BeforeAll
    static void countWhatIsMade() throws Exception {
        System.out.println("FaultTest: -Ddev.brood.seed=" + SEED);
        for (Scenario scenario : Scenario.values()) {
            for (Way way : Way.values()) {
                Trial.warmUp(scenario, way);
                MADE.put(new Play(scenario, way), Trial.run(scenario, way, List.of()));
            }
        }
    }

    @AfterAll
    static void adoptNoMore() throws Exception {
        Subreaper.set(false);
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    static Stream<String> calls() {
        return callsThat(call -> !call.startsWith("row "));
    }

    static Stream<String> rows() {
        return callsThat(call -> call.startsWith("row "));
    }

    @Test
    @Contract("D05")
    void everySystemCallOfTheLibraryIsMadeInSomeScenario() {
        Set<String> missing = new TreeSet<>(Faults.systemCalls());

        missing.removeAll(calls().toList());

        assertThat(missing).isSubsetOf(NOT_MADE_HERE);
    }

    @ParameterizedTest
    @MethodSource("calls")
    @Contract("D05")
    void oneCallThatFailsLosesNothing(String call) {
        for (int errno : errnos(call)) {
            for (int number : List.of(1 + random.nextInt(2), 1 + random.nextInt(most(call)))) {
                plays(call, number).ifPresent(play -> run(play, new Fault(call, errno, number, 1)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    @Contract("D05")
    void callThatFailsForEverHangsNothing(String call) {
        for (int errno : some(errnos(call))) {
            int times = errno == Errno.EINTR ? OFTEN : Faults.FOR_EVER; // which is tried again for ever, by contract
            int number = 1 + random.nextInt(most(call));
            plays(call, number).ifPresent(play -> run(play, new Fault(call, errno, number, times)));
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Contract("D05")
    void callThatFailsInTheChildLeavesNothing(String row) {
        for (int errno : some(Faults.ofRows())) {
            int number = 1 + random.nextInt(2);
            plays(row, number).ifPresent(play -> run(play, new Fault(row, errno, number, 1)));
        }
    }

    @Test
    @Contract("D05")
    void childThatFailsIsBuriedEvenIfTheFirstWaitFails() {
        List<String> rows = rows().toList();
        for (int errno : ERRNOS) {
            String row = rows.get(random.nextInt(rows.size()));
            Fault wait = new Fault("WAITID", errno, 1, 1);
            plays(row, 1).ifPresent(play -> run(play, new Fault(row, Errno.EBADF, 1, 1), wait));
        }
    }

    @Test
    @Contract("D05")
    void severalCallsThatFailLoseNothing() {
        List<Play> plays = new ArrayList<>(MADE.keySet());
        for (int round = 0; round < ROUNDS; round++) {
            Play play = plays.get(random.nextInt(plays.size()));
            List<Fault> faults = new ArrayList<>();
            for (int i = random.nextInt(MOST_AT_ONCE); i >= 0; i--) {
                faults.add(anyOf(MADE.getOrDefault(play, Map.of())));
            }
            run(play, faults.toArray(Fault[]::new));
        }
    }

    private Fault anyOf(Map<String, Integer> made) {
        List<String> calls = made.keySet().stream()
                .sorted()
                .filter(call -> !call.startsWith("row "))
                .toList();
        String call = calls.get(random.nextInt(calls.size()));
        List<Integer> errnos = errnos(call);
        int first = 1 + random.nextInt(made.getOrDefault(call, 1));
        return new Fault(call, errnos.get(random.nextInt(errnos.size())), first, 1 + random.nextInt(2));
    }

    /** Some play that makes the call so often. */
    private Optional<Play> plays(String call, int times) {
        List<Play> able = MADE.entrySet().stream()
                .filter(play -> play.getValue().getOrDefault(call, 0) >= times)
                .map(Map.Entry::getKey)
                .toList();
        return able.isEmpty() ? Optional.empty() : Optional.of(able.get(random.nextInt(able.size())));
    }

    /** Half of them, rounded up. */
    private List<Integer> some(List<Integer> errnos) {
        List<Integer> shuffled = new ArrayList<>(errnos);
        Collections.shuffle(shuffled, random);
        return shuffled.subList(0, (errnos.size() + 1) / 2);
    }

    private static void run(Play play, Fault... faults) {
        Map<String, Integer> _ = Trial.run(play.scenario(), play.way(), List.of(faults));
    }

    private static int most(String call) {
        return MADE.values().stream()
                .mapToInt(made -> made.getOrDefault(call, 0))
                .max()
                .orElseThrow();
    }

    private static Stream<String> callsThat(Predicate<String> wanted) {
        return MADE.values().stream()
                .flatMap(made -> made.keySet().stream())
                .filter(wanted)
                .distinct()
                .sorted();
    }

    /** The functions that prepare a posix_spawn make no system call: all they can lack is memory. */
    private static List<Integer> errnos(String call) {
        boolean prepares = call.startsWith("posix_spawn_") || call.startsWith("posix_spawnattr_");
        return prepares ? List.of(Errno.ENOMEM) : ERRNOS;
    }
}
