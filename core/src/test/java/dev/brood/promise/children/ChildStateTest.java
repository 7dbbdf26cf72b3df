package dev.brood.promise.children;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.sys.ProcFs;
import dev.brood.testing.Contract;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.StoppedChild;
import dev.brood.testing.Way;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The state a child begins with: signals, limits, group and directory, read from /proc before it has changed any. */
class ChildStateTest {
    private static final Closing AT_ONCE = Closing.stop(Duration.ZERO);
    private static final long HUP = 1;
    private static final long QUIT = 1 << 2;
    private static final long USR1 = 1 << 9;
    private static final long LIBCS_OWN = 3L << 31; // 32 and 33, which glibc's posix_spawn may leave ignored

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract({"S01", "S07"})
    void nothingIsBlockedAndNothingIgnoredOrCaught(Way way) throws Exception {
        assertThat(blockedHere() & QUIT).as("the JVM blocks QUIT").isNotZero();

        try (Brood brood = way.open()) {
            assertThat(childSignals(brood, quietCat())).containsExactly("SigBlk 0", "SigIgn 0", "SigCgt 0");
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract("S07")
    void startLeavesTheSignalMaskOfItsThreadAsItWas(Way way) throws Exception {
        long before = blockedHere();
        try (Brood brood = way.open()) {
            brood.run(Command.of("true"));

            assertThat(blockedHere()).isEqualTo(before);
        }
    }

    @Test
    @Contract("S07")
    void whatTheJvmIgnoresAndBlocksIsDefaultUnlessItIsToBeKept() throws Exception {
        List<String> told = ForkedJvm.of(Ignoring.class)
                .under("/bin/sh", "-c", "trap '' HUP PIPE USR1; exec \"$@\"", "sh")
                .under("env", "--block-signal=USR1", "--default-signal=INT") // which a build in the background ignores
                .run()
                .lines();

        assertThat(told)
                .containsExactly(
                        "the JVM ignores " + Long.toHexString(HUP | USR1) + " and blocks "
                                + Long.toHexString(QUIT | USR1),
                        "default: SigBlk 0, SigIgn 0, SigCgt 0",
                        "kept: SigBlk " + Long.toHexString(USR1) + ", SigIgn " + Long.toHexString(HUP | USR1)
                                + ", SigCgt 0");
    }

    @Test
    @Contract("S07")
    void childIsKilledByASignalThatTheJvmIgnores() throws Exception {
        List<String> told = ForkedJvm.of(Hangup.class)
                .under("/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh")
                .run()
                .lines();

        assertThat(told).containsExactly("default: was killed by signal HUP", "kept: exited with error status 3");
    }

    @Test
    @Contract("S07")
    void descriptorLimitIsTheJvmsRaisedOne() throws Exception {
        List<String> told = ForkedJvm.of(Limit.class)
                .under("prlimit", "--nofile=300:700")
                .run()
                .lines();

        assertThat(told).containsExactly("700 700");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract("S01")
    void directoryUmaskAndRootAreTheProcesss(Way way) throws Exception {
        try (Brood brood = way.open(with -> with.closing(AT_ONCE))) {
            StoppedChild child = StoppedChild.start(brood);

            for (String link : List.of("cwd", "root")) {
                assertThat(Files.readSymbolicLink(
                                Path.of("/proc/" + child.child().pid(), link)))
                        .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self", link)));
            }
            assertThat(child.status("Umask"))
                    .isEqualTo(ProcFs.status("self", "Umask").orElseThrow());
            assertThat(child.status("Seccomp"))
                    .isEqualTo(ProcFs.status("self", "Seccomp").orElseThrow());
            assertThat(child.status("NoNewPrivs"))
                    .isEqualTo(ProcFs.status("self", "NoNewPrivs").orElseThrow());
            assertThat(child.status("Threads")).isEqualTo("1");
            assertThat(child.status("PPid"))
                    .isEqualTo(Long.toString(ProcessHandle.current().pid()));
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract("S01")
    void startChangesNothingOfTheJvm(Way way) throws Exception {
        try (Brood brood = way.open(with -> with.closing(AT_ONCE))) {
            StoppedChild.start(brood);
            List<String> before = ownState();

            StoppedChild.start(
                    brood, command -> quiet(command).directory(Path.of("/")).newSession());

            assertThat(ownState()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract("S01")
    void sessionAndGroupAreWhatWasAskedFor(Way way) throws Exception {
        try (Brood brood = way.open(with -> with.closing(AT_ONCE))) {
            Ids own = ids(ProcessHandle.current().pid());
            StoppedChild plain = StoppedChild.start(brood);
            StoppedChild session =
                    StoppedChild.start(brood, command -> quiet(command).newSession());
            StoppedChild leader =
                    StoppedChild.start(brood, command -> quiet(command).newGroup());
            long group = leader.child().pid();
            StoppedChild member =
                    StoppedChild.start(brood, command -> quiet(command).group(group));

            assertThat(ids(plain.child().pid())).isEqualTo(own);
            assertThat(ids(session.child().pid()))
                    .isEqualTo(new Ids(session.child().pid(), session.child().pid()));
            assertThat(ids(group)).isEqualTo(new Ids(group, own.session()));
            assertThat(ids(member.child().pid())).isEqualTo(new Ids(group, own.session()));
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract("S01")
    void startedInItsOwnDirectoryWhileTheJvmStaysInIts(Way way) throws Exception {
        try (Brood brood = way.open()) {
            assertThat(brood.run(Command.of("pwd", "-P").directory(Path.of("/proc")))
                            .stdoutText())
                    .isEqualTo("/proc\n");
        }
    }

    /** Where signals are ignored and blocked: what children get, without and with keepSignals. */
    static final class Ignoring {
        private Ignoring() {}

        public static void main(String[] arguments) throws Exception {
            System.out.println(
                    "the JVM ignores " + Long.toHexString(signals("/proc/self/status", "SigIgn") & ~LIBCS_OWN)
                            + " and blocks " + Long.toHexString(blockedHere() & ~LIBCS_OWN));
            try (Brood brood = Brood.open()) {
                System.out.println("default: " + String.join(", ", childSignals(brood, quietCat())));
                System.out.println("kept: "
                        + String.join(", ", childSignals(brood, quietCat().keepSignals())));
            }
        }
    }

    /** Where HUP is ignored: what it does to children. */
    static final class Hangup {
        private Hangup() {}

        public static void main(String[] arguments) throws Exception {
            Command command = Command.of("/bin/sh", "-c", "kill -HUP $$; exit 3");
            try (Brood brood = Brood.open()) {
                System.out.println("default: " + brood.run(command).status().describe());
                System.out.println(
                        "kept: " + brood.run(command.keepSignals()).status().describe());
            }
        }
    }

    /** Tells a child's descriptor limits. */
    static final class Limit {
        private Limit() {}

        public static void main(String[] arguments) throws Exception {
            try (Brood brood = Brood.open()) {
                System.out.print(brood.run(Command.of("/bin/sh", "-c", "echo $(ulimit -S -n) $(ulimit -H -n)"))
                        .stdoutText());
            }
        }
    }

    /** Process group and session. */
    private record Ids(long group, long session) {}

    private static Ids ids(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new Ids(Long.parseLong(fields[2]), Long.parseLong(fields[3]));
    }

    private static List<String> ownState() throws IOException {
        return List.of(
                Files.readSymbolicLink(Path.of("/proc/self/cwd")).toString(),
                ProcFs.status("self", "Umask").orElseThrow(),
                ProcFs.status("self", "SigIgn").orElseThrow(),
                ProcFs.status("self", "SigCgt").orElseThrow(),
                Long.toHexString(blockedHere()),
                ids(ProcessHandle.current().pid()).toString(),
                Files.readString(Path.of("/proc/self/limits"), StandardCharsets.US_ASCII));
    }

    private static Command quietCat() {
        return Command.of("cat", "/proc/self/status");
    }

    private static Command quiet(Command command) {
        return command.stdin(Stdio.devNull()).stdout(Stdio.devNull()).stderr(Stdio.devNull());
    }

    private static List<String> childSignals(Brood brood, Command command) throws Exception {
        return brood.run(command)
                .stdoutText()
                .lines()
                .filter(line -> line.matches("Sig(Blk|Ign|Cgt):.*"))
                .map(ChildStateTest::withoutLibcsOwn)
                .toList();
    }

    private static String withoutLibcsOwn(String line) {
        String[] fieldAndSignals = line.split(":\\s*", -1);
        return fieldAndSignals[0] + " " + Long.toHexString(Long.parseUnsignedLong(fieldAndSignals[1], 16) & ~LIBCS_OWN);
    }

    private static long blockedHere() throws IOException {
        return signals("/proc/thread-self/status", "SigBlk");
    }

    private static long signals(String file, String field) throws IOException {
        return Files.readAllLines(Path.of(file), StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring(field.length() + 1).strip(), 16))
                .findFirst()
                .orElseThrow();
    }
}
