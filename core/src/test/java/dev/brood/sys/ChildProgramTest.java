package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.sys.ChildProgram.StepFailed;
import dev.brood.testing.Contract;
import dev.brood.testing.Deaths;
import dev.brood.testing.Eventually;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Others;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a program of system calls says is what the child has, by clone3 and by clone; and nobody notices one that fails. */
@ParameterizedClass
@EnumSource(Clone.class)
class ChildProgramTest {
    /** Prints the numbers of the descriptors that a shell has, opening none for it. */
    private static final String DESCRIPTORS =
            "n=0; while [ $n -lt 400 ]; do if [ -e /proc/$$/fd/$n ]; then echo $n; fi; n=$((n+1)); done";

    private static final byte[] MISSING = Text.bytes("/no/such/program");
    private static final int ABOVE_OURS = 300;
    private static final int MANY = 1_000;
    private static final int SIGKILL = 9;

    @Parameter
    Clone how = Clone.CLONE3;

    /** Writes rows of a program. */
    interface Telling {
        void tell(ChildProgram program) throws Exception;
    }

    @Test
    @Contract({"S01", "S08"})
    void childHasTheDescriptorsThatWereNamedAndNoOthers() throws Exception {
        try (Pipe output = Pipe.open();
                Fd inherited = Fd.duplicate(1, ABOVE_OURS)) {
            SystemCall.FCNTL.call(inherited.number(), ChildProgram.F_SETFD, 0);
            int written = output.writeEnd().number();

            String seen = output(output, DESCRIPTORS, program -> {
                program.unshareDescriptors(written + 1);
                program.dup(written, 1);
                program.close(0, 0);
                program.closeFrom(2);
            });

            assertThat(seen).isEqualTo("1\n");
        }
    }

    @Test
    @Contract("S08")
    void gapsBetweenWhatIsKeptAreClosed() throws Exception {
        try (Pipe output = Pipe.open();
                Fd kept = Fd.duplicate(1, ABOVE_OURS);
                Fd gap = Fd.duplicate(1, ABOVE_OURS);
                Fd beyond = Fd.duplicate(1, ABOVE_OURS)) {
            SystemCall.FCNTL.call(gap.number(), ChildProgram.F_SETFD, 0);
            SystemCall.FCNTL.call(beyond.number(), ChildProgram.F_SETFD, 0);
            int target = gap.number() + 20;

            String seen = output(output, DESCRIPTORS, program -> {
                program.unshareDescriptors(beyond.number() + 1);
                program.dup(kept.number(), kept.number());
                program.dup(kept.number(), target);
                program.dup(output.writeEnd().number(), 1);
                program.close(0, 0);
                program.close(2, kept.number() - 1);
                program.close(kept.number() + 1, target - 1);
                program.closeFrom(target + 1);
            });

            assertThat(seen).isEqualTo("1\n" + kept.number() + "\n" + target + "\n");
        }
    }

    @Test
    @Contract("S09")
    void descriptorsAreMovedInTheOrderOfTheRows() throws Exception {
        try (Pipe one = Pipe.open();
                Pipe two = Pipe.open()) {
            Text.write(one.writeEnd(), "one\n");
            Text.write(two.writeEnd(), "two\n");

            String seen = output("read a <&7; read b <&8; echo $a $b", program -> {
                program.dup(one.readEnd().number(), 7);
                program.dup(two.readEnd().number(), 8);
                program.dup(7, 9); // swaps them by way of a third
                program.dup(8, 7);
                program.dup(9, 8);
            });

            assertThat(seen).isEqualTo("two one\n");
        }
    }

    @Test
    @Contract("S09")
    void descriptorCopiedToItselfLosesCloseOnExecInTheChildAlone() throws Exception {
        try (Pipe other = Pipe.open()) {
            int number = other.readEnd().number();
            Text.write(other.writeEnd(), "x\n");

            String seen = output(
                    "read line < /proc/self/fd/" + number + "; echo got $line", program -> program.dup(number, number));

            assertThat(seen).isEqualTo("got x\n");
            assertThat(Fd.isInherited(number)).isFalse();
        }
    }

    @Test
    @Contract({"S02", "S09"})
    void descriptorsOfThisProcessStayAsTheyWereWhateverTheChildDoes() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Map<Integer, String> before = ownDescriptors();

            failWith("ENOENT", program -> {
                program.unshareDescriptors(pipe.writeEnd().number() + 1);
                program.dup(pipe.readEnd().number(), 0);
                program.dup(pipe.writeEnd().number(), pipe.readEnd().number());
                program.closeFrom(1);
                execute(program, MISSING);
            });

            assertThat(ownDescriptors()).isEqualTo(before);
        }
    }

    @Test
    @Contract("S01")
    void directoriesAreGoneToOneAfterTheOther(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("a/b\u00e9"));

        String seen = output("pwd", program -> {
            program.directory(Text.bytes(directory + "/a"));
            program.directory("b\u00e9".getBytes(StandardCharsets.UTF_8));
        });

        assertThat(Text.bytes(seen))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(directory.toRealPath() + "/a/b\u00e9\n");
    }

    @Test
    @Contract({"S01", "S10"})
    void groupAndSessionAreAsTold() throws Exception {
        String ours = fields("self");
        String sessionOfOurs = ours.substring(ours.indexOf(' '));
        try (ShellChild leader = sleeping(program -> program.group(0));
                ShellChild member = sleeping(program -> program.group(leader.pid()));
                ShellChild session = sleeping(ChildProgram::newSession);
                ShellChild plain = sleeping(program -> {})) {

            assertThat(fields(leader.pid())).isEqualTo(leader.pid() + sessionOfOurs);
            assertThat(fields(member.pid())).isEqualTo(leader.pid() + sessionOfOurs);
            assertThat(fields(session.pid())).isEqualTo(session.pid() + " " + session.pid());
            assertThat(fields(plain.pid())).isEqualTo(ours);
        }
    }

    @Test
    @Contract("S07")
    void maskIsExactlyWhatWasTold() throws Exception {
        SignalMask mask = new SignalMask(1L << (Signals.SIGUSR1 - 1) | 1L << 63);

        assertThat(signals("SigBlk", mask, program -> {})).isEqualTo(mask);
        assertThat(signals("SigBlk", SignalMask.EMPTY, program -> {})).isEqualTo(SignalMask.EMPTY);
    }

    @Test
    @Contract("S07")
    void defaultsUndoWhatTheJvmCatchesAndIgnores() throws Exception {
        SignalMask caught = new SignalMask(
                Long.parseUnsignedLong(ProcFs.status("self", "SigCgt").orElseThrow(), 16));
        assertThat(caught).isNotEqualTo(SignalMask.EMPTY);
        try (Signals.Ignored signal = Signals.ignore(Signals.SIGUSR1)) {
            SignalMask only = SignalMask.FULL.without(SignalMask.FULL.without(signal.signal()));

            assertThat(ignored(program -> {}).contains(signal.signal())).isTrue();
            assertThat(ignored(program -> program.defaults(only)).contains(signal.signal()))
                    .isFalse();
            assertThat(ignored(program -> program.defaults(SignalMask.FULL))).isEqualTo(SignalMask.EMPTY);
            assertThat(signals("SigCgt", SignalMask.EMPTY, program -> {})).isEqualTo(SignalMask.EMPTY);
        }
    }

    @Test
    @Contract("R13")
    void maskOfTheCallingThreadIsAsBefore() throws Exception {
        SignalMask mask = Others.platform(() -> {
                    SignalMask odd = new SignalMask(1L << (Signals.SIGUSR1 - 1) | 1L << 40);
                    Meddling.block(odd);
                    output("exit 0", program -> {});
                    assertThat(SignalMask.ofThread()).isEqualTo(odd);
                    failWith("ENOENT", program -> execute(program, MISSING));
                    return SignalMask.ofThread().without(odd);
                })
                .result();

        assertThat(mask).isEqualTo(SignalMask.EMPTY);
    }

    @Test
    @Contract("S02")
    void failureNamesTheRowAndTheErrno() throws Exception {
        int closed = 100_000;
        Map<Telling, String> failing = new LinkedHashMap<>();
        failing.put(program -> program.dup(closed, 0), "EBADF");
        failing.put(program -> program.dup(closed, closed), "EBADF");
        failing.put(program -> program.dup(1, 100_000_000), "EBADF");
        failing.put(program -> program.close(2, 1), "EINVAL");
        failing.put(program -> program.group(Integer.MAX_VALUE), "EPERM");
        failing.put(program -> program.directory(Text.bytes("/no/such/directory")), "ENOENT");
        failing.put(program -> program.directory(Text.bytes("/dev/null")), "ENOTDIR");
        failing.put(program -> execute(program, MISSING), "ENOENT");
        failing.put(program -> execute(program, Text.bytes("/dev/null")), "EACCES");

        for (Map.Entry<Telling, String> entry : failing.entrySet()) {
            for (int before = 1; before < 40; before += 13) {
                int good = before;
                StepFailed failure = failWith(entry.getValue(), program -> {
                    program.unshareDescriptors(3);
                    for (int i = 1; i < good; i++) {
                        program.directory(Text.bytes("."));
                    }
                    entry.getKey().tell(program);
                    execute(program, Text.bytes("/bin/true"));
                });
                assertThat(failure.row()).isEqualTo(before);
            }
        }
    }

    @Test
    @Contract("S02")
    void leaderOfAGroupCannotMakeASession() throws Exception {
        StepFailed failure = failWith("EPERM", program -> {
            program.unshareDescriptors(3);
            program.group(0);
            program.newSession();
            execute(program, Text.bytes("/bin/true"));
        });

        assertThat(failure.row()).isEqualTo(2);
    }

    @Test
    @Contract("S02")
    void thousandFailuresLeaveNothing() throws Exception {
        List<Integer> before = ProcFs.descriptors();

        for (int i = 0; i < MANY; i++) {
            failWith("ENOENT", program -> execute(program, MISSING));
        }

        assertThat(Leftovers.children()).isEmpty();
        assertThat(ProcFs.descriptors()).hasSameSizeAs(before);
    }

    @Test
    @Contract({"S02", "R09"})
    void failingStartIsSeenByNobodyWhoWaitsForAnyChild() throws Exception {
        try (ShellChild bystander = sleeping(program -> {})) {
            CompletableFuture<Long> thread = new CompletableFuture<>();
            Others.Other<Integer> waiter = Others.platform(() -> {
                thread.complete(Others.kernelThread());
                return waitForAny();
            });
            Others.awaitAsleep(thread.get());

            for (int i = 0; i < MANY; i++) {
                failWith("ENOENT", program -> execute(program, MISSING));
            }

            assertThat(waiter.task().isDone()).isFalse();
            bystander.pidfd().send(SIGKILL);
            assertThat(waiter.result()).isEqualTo((int) bystander.pid());
        }
    }

    @Test
    @Contract({"S02", "R09", "R19"})
    void failingStartRaisesNoSigchldAndAGoodOneRaisesOne() throws Exception {
        try (Deaths deaths = new Deaths()) {
            for (int i = 0; i < MANY; i++) {
                failWith("ENOENT", program -> execute(program, MISSING));
            }
            output("exit 0", program -> {});

            assertThat(deaths.await(1)).isEqualTo("1");
        }
    }

    @Test
    @Contract({"S02", "R07"})
    void failureIsTheSameWhereSigchldIsIgnored() throws Exception {
        try (Signals.Ignored _ = Signals.ignore(Signals.SIGCHLD)) {
            for (int i = 0; i < 100; i++) {
                failWith("ENOENT", program -> execute(program, MISSING));
            }
        }

        assertThat(Leftovers.children()).isEmpty();
    }

    @Test
    @Contract({"C03", "S08"})
    void pidfdIsTheChildsAndCloseOnExec() throws Exception {
        try (Fd none = ShellChild.nothing();
                ChildProgram program = cutOff(none)) {
            executeShell(program, "exec sleep 1000");
            ChildProgram.Started started = program.start(how);
            try (PidFd pidfd = started.pidfd();
                    ShellChild child = ShellChild.started(started.pid())) {
                assertThat(Files.readString(Path.of("/proc/self/fdinfo/" + pidfd.number())))
                        .contains("\nPid:\t" + child.pid() + "\n");
                assertThat(Fd.isInherited(pidfd.number())).isFalse();
            }
        }
    }

    @Test
    @Contract({"C03", "R07"})
    void pidfdKnowsTheChildThatWasReapedBeforeItsStartReturned() throws Exception {
        Signals.assumeExitInfo();
        try (Signals.Ignored _ = Signals.ignore(Signals.SIGCHLD)) { // the kernel itself reaps at once
            for (int code = 0; code < 100; code++) {
                try (Fd none = ShellChild.nothing();
                        ChildProgram program = cutOff(none)) {
                    executeShell(program, "exit " + code);
                    try (PidFd pidfd = program.start(how).pidfd()) {
                        Ready.await(pidfd);
                        Eventually.holds("told", () -> pidfd.exitInfo().isPresent());
                        assertThat(pidfd.exitInfo()).contains(WaitStatus.exited(code));
                    }
                }
            }
        }
    }

    @Test
    @Contract({"S02", "S11"})
    void fullDescriptorTableIsEmfileBeforeAnythingStarts() throws Exception {
        List<String> told = ForkedJvm.of(FullTable.class)
                .under("prlimit", "--nofile=200:200")
                .run(how.name())
                .lines();

        assertThat(told)
                .containsExactly(
                        "full: EMFILE, same mask true, started false", "room for the pidfd: works, started true");
    }

    @Test
    @Contract({"S02", "S11"})
    void processLimitIsEagainAndLeavesNoDescriptor() throws Exception {
        assumeTrue(Nobody.isRoot(), "the process limit does not bind the tests' user, nor can they become another");
        String user =
                Long.toString(1_100_000_000 + ProcessHandle.current().pid()); // whose processes nobody else counts

        List<String> told = ForkedJvm.of(ProcessLimit.class)
                .under("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups")
                .under("prlimit", "--nproc=80:80")
                .run(how.name())
                .lines();

        assertThat(told).containsExactly("at the limit: EAGAIN, same mask true, same descriptors true");
    }

    /** Starts with a full table, then with one number free. */
    static final class FullTable {
        private FullTable() {}

        public static void main(String[] arguments) throws Exception {
            Clone how = Clone.valueOf(arguments[0]);
            Path started = Files.createTempDirectory("brood").resolve("started");
            ForkedJvm.loadLibrary();
            attempt(how, Path.of("/dev/null")); // loads what else is needed
            SignalMask before = SignalMask.ofThread();
            List<Fd> taken = Meddling.fillTable(0);
            String full = attempt(how, started);
            boolean same = SignalMask.ofThread().equals(before);
            boolean none = FileStatus.execute(Text.bytes(started.toString())) == Errno.ENOENT;
            taken.removeLast().close();
            String room = attempt(how, started);
            taken.forEach(Fd::close);
            System.out.println("full: " + full + ", same mask " + same + ", started " + !none);
            System.out.println("room for the pidfd: " + room + ", started " + Files.deleteIfExists(started));
            Files.delete(started.getParent());
        }

        private static String attempt(Clone how, Path started) throws Exception {
            try (ChildProgram program = new ChildProgram()) {
                program.mask(SignalMask.EMPTY);
                executeShell(program, ": >" + started);
                ChildProgram.Started child = program.start(how);
                Meddling.bury(child.pid());
                child.pidfd().close();
                return "works";
            } catch (ErrnoException failure) {
                return Errno.name(failure.errno());
            }
        }
    }

    /** Starts sleeping children until there may be no more. */
    static final class ProcessLimit {
        private ProcessLimit() {}

        public static void main(String[] arguments) throws Exception {
            Clone how = Clone.valueOf(arguments[0]);
            List<ChildProgram.Started> children = new ArrayList<>();
            SignalMask mask = SignalMask.ofThread();
            int descriptors = 0;
            String outcome = "none";
            while (children.size() < 100 && outcome.equals("none")) {
                descriptors = ProcFs.descriptors().size();
                try (Fd none = ShellChild.nothing();
                        ChildProgram program = cutOff(none)) {
                    executeShell(program, "exec sleep 1000");
                    children.add(program.start(how));
                } catch (ErrnoException failure) {
                    outcome = Errno.name(failure.errno());
                }
            }
            boolean same = ProcFs.descriptors().size() == descriptors;
            for (ChildProgram.Started child : children) {
                child.pidfd().send(SIGKILL);
                Meddling.bury(child.pid());
            }
            System.out.println("at the limit: " + outcome + ", same mask "
                    + SignalMask.ofThread().equals(mask) + ", same descriptors " + same);
        }
    }

    /** As other code of the process might: sleeps in waitid until any child has ended. */
    private static int waitForAny() throws ErrnoException {
        int all = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(Wait.SIGINFO_SIZE, Long.BYTES);
            SystemCall.WAITID.call(all, 0, info.address(), Wait.WEXITED | Wait.WNOWAIT, 0);
            return info.get(ValueLayout.JAVA_INT, Wait.SI_PID);
        }
    }

    private StepFailed failWith(String errno, Telling telling) throws Exception {
        List<StepFailed> failures = new ArrayList<>();
        try (ChildProgram program = new ChildProgram()) {
            telling.tell(program);
            String rows = "program of " + program.size() + " rows, to fail with " + errno;
            assertThatExceptionOfType(StepFailed.class)
                    .as(rows)
                    .isThrownBy(() -> program.start(how))
                    .satisfies(
                            failure -> assertThat(Errno.name(failure.errno())).isEqualTo(errno))
                    .satisfies(failures::add);
        }
        return failures.getFirst();
    }

    private SignalMask ignored(Telling telling) throws Exception {
        return signals("SigIgn", SignalMask.EMPTY, telling);
    }

    /** A set of signals as a child with this mask has it. */
    private SignalMask signals(String name, SignalMask mask, Telling telling) throws Exception {
        String status = output("exec cat /proc/self/status", program -> {
            telling.tell(program);
            program.mask(mask);
        });
        String hex = status.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow();
        return new SignalMask(Long.parseUnsignedLong(hex, 16));
    }

    /** What a script prints to a pipe, on whose write end the first rows put its output. */
    private String output(String script, Telling telling) throws Exception {
        try (Pipe output = Pipe.open();
                Fd none = ShellChild.nothing()) {
            return output(output, script, program -> {
                program.unshareDescriptors(ABOVE_OURS);
                program.dup(none.number(), 0);
                program.dup(output.writeEnd().number(), 1);
                program.dup(none.number(), 2);
                telling.tell(program);
            });
        }
    }

    private String output(Pipe output, String script, Telling telling) throws Exception {
        try (ChildProgram program = new ChildProgram()) {
            telling.tell(program);
            executeShell(program, script);
            ChildProgram.Started started = program.start(how);
            started.pidfd().close();
            try (ShellChild child = ShellChild.started(started.pid())) {
                output.writeEnd().close();
                String text = Text.readAll(output.readEnd());
                child.reap();
                return text;
            }
        }
    }

    private ShellChild sleeping(Telling telling) throws Exception {
        try (Fd none = ShellChild.nothing();
                ChildProgram program = cutOff(none)) {
            telling.tell(program);
            executeShell(program, "exec sleep 1000");
            ChildProgram.Started started = program.start(how);
            started.pidfd().close();
            return ShellChild.started(started.pid());
        }
    }

    /** The beginning of a program whose child has {@code none} for all its streams. */
    private static ChildProgram cutOff(Fd none) {
        ChildProgram program = new ChildProgram();
        program.unshareDescriptors(none.number() + 1);
        for (int standard = 0; standard <= 2; standard++) {
            program.dup(none.number(), standard);
        }
        program.closeFrom(3);
        program.mask(SignalMask.EMPTY);
        return program;
    }

    private static void executeShell(ChildProgram program, String script) {
        program.execute(Text.bytes("/bin/sh"), Text.strings("sh", "-c", script), Text.strings("PATH=/usr/bin:/bin"));
    }

    private static void execute(ChildProgram program, byte[] file) {
        program.execute(file, Text.strings("program"), Text.strings());
    }

    private static Map<Integer, String> ownDescriptors() throws Exception {
        Map<Integer, String> own = new LinkedHashMap<>();
        for (int number : ProcFs.descriptors()) {
            Path link = Path.of("/proc/self/fd/" + number);
            if (Files.exists(link)) {
                own.put(number, Files.readSymbolicLink(link) + " " + Fd.isInherited(number));
            }
        }
        return own;
    }

    private static String fields(long pid) throws Exception {
        return fields(Long.toString(pid));
    }

    /** Process group and session, third and fourth after the command's name. */
    private static String fields(String pid) throws Exception {
        String stat = Files.readString(Path.of("/proc", pid, "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return fields[2] + " " + fields[3];
    }
}
