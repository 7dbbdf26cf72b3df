package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Capability;
import dev.brood.Child;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.IoPriority;
import dev.brood.ResourceLimit;
import dev.brood.Scheduling;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.spawn.ChildCall;
import dev.brood.spawn.Spawner;
import dev.brood.sys.Dumpable;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a child sets for itself holds before its program's first instruction, as the child sees it. */
class ChildSetupTest {
    private static final int NOBODY = 65_534;
    private static final int SOMEBODY = 12_345;
    private static final String UNSHARE = System.getProperty("os.arch", "").equals("aarch64") ? "97" : "272";
    private static final long NEW_NETWORK = 0x40000000;
    private static final long NEW_MOUNTS = 0x20000;

    @BeforeAll
    static void needsRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may raise and drop all of this");
    }

    @ParameterizedTest
    @EnumSource(ResourceLimit.class)
    @Contract("S13")
    void limitIsTheOneThatWasNamed(ResourceLimit resource) throws Exception {
        String ours = rowOf(resource, Files.readString(Path.of("/proc/self/limits")));
        long most = ours.contains("unlimited") ? 2_000_000_002 : hard(ours);
        long hard = Math.max(0, most - 1);
        long soft = hard / 2;

        String row = rowOf(resource, output(cat("/proc/self/limits").limit(resource, soft, hard)));

        assertThat(row).containsPattern(" " + soft + " +" + hard + " ");
    }

    @Test
    @Contract("S13")
    void limitThatKillsComesASecondAfterTheOneThatWarns() throws Exception {
        String limits = output(cat("/proc/self/limits")
                .limit(ResourceLimit.CPU_TIME, 5)
                .limit(ResourceLimit.REAL_TIME, 1000)
                .limit(ResourceLimit.CORE, 7));

        assertThat(limits).containsPattern("Max cpu time +5 +6 ");
        assertThat(limits).containsPattern("Max realtime timeout +1000 +1001000 ");
        assertThat(limits).containsPattern("Max core file size +7 +7 ");
        assertThat(output(cat("/proc/self/limits").limit(ResourceLimit.CPU_TIME, ResourceLimit.UNLIMITED)))
                .containsPattern("Max cpu time +unlimited +unlimited");
    }

    @Test
    @Contract("S13")
    void childHearsThatItsTimeOnAProcessorIsOver() throws Exception {
        Command busy = sh("trap 'echo heard; exit' XCPU; while :; do :; done").limit(ResourceLimit.CPU_TIME, 1);

        assertThat(output(busy)).isEqualTo("heard\n");
    }

    @Test
    @Contract("S13")
    void unlimitedIsUnlimited() throws Exception {
        String limits = output(cat("/proc/self/limits")
                .limit(ResourceLimit.CORE, 1)
                .limit(ResourceLimit.CPU_TIME, 100, ResourceLimit.UNLIMITED)
                .limit(ResourceLimit.CORE, ResourceLimit.UNLIMITED));

        assertThat(limits).containsPattern("Max cpu time +100 +unlimited");
        assertThat(limits).containsPattern("Max core file size +unlimited +unlimited");
    }

    @Test
    @Contract("S13")
    void limitsOfDescriptorsBelowThoseInUseDoNotHinderTheStart() throws Exception {
        Command command = sh("ulimit -n; readlink /proc/$$/fd/7").fd(7, Stdio.read(Path.of("/dev/null")));

        assertThat(output(command.limit(ResourceLimit.DESCRIPTORS, 5))).isEqualTo("5\n/dev/null\n");
    }

    @Test
    @Contract("S13")
    void prioritiesAndProcessorsAreThoseThatWereAsked() throws Exception {
        assertThat(output(Command.of("nice").nice(7))).isEqualTo("7\n");
        assertThat(output(Command.of("nice").nice(-7))).isEqualTo("-7\n");
        assertThat(output(sh("ionice -p $$").ioPriority(IoPriority.BEST_EFFORT, 6)))
                .isEqualTo("best-effort: prio 6\n");
        assertThat(output(sh("ionice -p $$").ioPriority(IoPriority.IDLE, 0))).isEqualTo("idle\n");
        assertThat(status(cat("/proc/self/status").processors(0))).containsEntry("Cpus_allowed_list", "0");
    }

    @ParameterizedTest
    @EnumSource(Scheduling.class)
    @Contract("S13")
    void schedulingPolicyIsTheOneThatWasNamed(Scheduling policy) throws Exception {
        boolean realTime = policy.takes(3);

        String told = output(sh("chrt -p $$").scheduling(policy, realTime ? 3 : 0));

        assertThat(told)
                .contains("policy: SCHED_" + (policy == Scheduling.ROUND_ROBIN ? "RR" : policy))
                .contains("priority: " + (realTime ? 3 : 0));
    }

    @Test
    @Contract("S13")
    void umaskIsTheChildsAlone() throws Exception {
        String before = status(cat("/proc/" + ProcessHandle.current().pid() + "/status"))
                .get("Umask");

        assertThat(output(sh("umask").umask(0751))).isEqualTo("0751\n");
        assertThat(status(cat("/proc/" + ProcessHandle.current().pid() + "/status")))
                .containsEntry("Umask", before);
    }

    @Test
    @Contract("S13")
    void userGroupAndGroupsAreExactlyThoseThatWereGiven() throws Exception {
        Map<String, String> status = status(cat("/proc/self/status").user(SOMEBODY, NOBODY, 5, 7));

        assertThat(status)
                .containsEntry("Uid", "12345\t12345\t12345\t12345")
                .containsEntry("Gid", "65534\t65534\t65534\t65534")
                .containsEntry("Groups", "5 7")
                .containsEntry("CapEff", "0000000000000000");
        assertThat(status(cat("/proc/self/status").user(0, 0))).containsEntry("Groups", "");
    }

    @Test
    @Contract("S13")
    void jvmStaysWhoItWasAndMayBeLookedInto() throws Exception {
        String before = credentials();

        output(cat("/proc/self/status").user(SOMEBODY, NOBODY, 5, 7).capabilities(Capability.KILL));
        assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> output(Command.of("/no/such").user(SOMEBODY, NOBODY)));

        assertThat(credentials()).isEqualTo(before);
        assertThat(Dumpable.get()).isTrue();
    }

    @Test
    @Contract("S13")
    void capabilitiesAreThoseThatWereKeptWhateverTheUser() throws Exception {
        long kept = (1L << Capability.KILL.number()) | (1L << Capability.NET_BIND_SERVICE.number());
        Command command = cat("/proc/self/status").capabilities(Capability.KILL, Capability.NET_BIND_SERVICE);

        for (Command as : List.of(command, command.user(SOMEBODY, NOBODY))) {
            assertThat(status(as))
                    .containsEntry("CapPrm", "%016x".formatted(kept))
                    .containsEntry("CapEff", "%016x".formatted(kept))
                    .containsEntry("CapBnd", "%016x".formatted(kept));
        }
        assertThat(status(cat("/proc/self/status").capabilities())).containsEntry("CapEff", "0000000000000000");
    }

    @Test
    void capabilitiesHaveTheKernelsOrder() throws Exception {
        String known = output(Command.of("setpriv", "--list-caps"));

        assertThat(Arrays.stream(Capability.values())
                        .map(capability -> capability.name().toLowerCase(Locale.ROOT)))
                .startsWith(known.lines().toArray(String[]::new));
    }

    @Test
    @Contract("S13")
    void noNewPrivilegesHoldsForTheChildAlone() throws Exception {
        assertThat(status(cat("/proc/self/status").noNewPrivileges())).containsEntry("NoNewPrivs", "1");
        assertThat(status(cat("/proc/self/status"))).containsEntry("NoNewPrivs", "0");
    }

    @Test
    @Contract("S13")
    void childDiesWithTheJvmAndNotWithTheThreadThatStartedIt() throws Exception {
        List<String> told = ForkedJvm.of(DyingParent.class).run().lines();

        assertThat(told).hasSize(2);
        assertThat(told.getFirst()).isEqualTo("alive after the thread: true");
        long child = Long.parseLong(told.getLast());
        Eventually.holds("gone", () -> !isRunning(child));
    }

    @Test
    @Contract("S13")
    void directoryThatIsNoCgroupIsSaidToBeNone(@TempDir Path other) {
        assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> output(Command.of("true").cgroup(other)))
                .withMessageContaining("the cgroup of '" + other + "', which is none of version 2: EBADF")
                .satisfies(failure -> assertThat(failure.file()).contains(other.toString()));
    }

    @Test
    @Contract("S13")
    void cgroupIsWhereTheChildBegins() throws Exception {
        Path mount = Stream.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
                .map(Path::of)
                .filter(path -> Files.isWritable(path.resolve("cgroup.procs"))
                        && Files.exists(path.resolve("cgroup.subtree_control")))
                .findFirst()
                .orElse(null);
        assumeTrue(mount != null, "no cgroups of version 2 that may be changed here");
        Path cgroup = Files.createDirectory(mount.resolve("brood-" + System.nanoTime()));
        try {
            assertThat(output(cat("/proc/self/cgroup").cgroup(cgroup)))
                    .contains("0::/")
                    .endsWith(cgroup.getFileName() + "\n");
        } finally {
            Files.delete(cgroup);
        }
    }

    @Test
    @Contract("S13")
    void namespacesAreThoseOfTheFiles() throws Exception {
        ChildCall unshare = ChildCall.of("unshare", Integer.parseInt(UNSHARE)).number(NEW_NETWORK | NEW_MOUNTS);
        try (Brood brood = Brood.open()) {
            Child other = brood.spawn(Shell.sleeper().call(unshare));
            Path files = Path.of("/proc", Long.toString(other.pid()), "ns");
            String network = Files.readSymbolicLink(files.resolve("net")).toString();
            String mounts = Files.readSymbolicLink(files.resolve("mnt")).toString();

            Command look = Command.of("readlink", "/proc/self/ns/net", "/proc/self/ns/mnt");
            Collected seen =
                    brood.run(look.networkNamespace(files.resolve("net")).mountNamespace(files.resolve("mnt")));

            assertThat(seen.stdoutText()).isEqualTo(network + "\n" + mounts + "\n");
            assertThat(brood.run(look).stdoutText().lines().toList()).doesNotContain(network, mounts);
            other.signal(Signal.KILL);
            other.await();
        }
    }

    /** Settings by the name that an error gives them. */
    static Stream<Map.Entry<String, UnaryOperator<Command>>> settings() {
        Map<String, UnaryOperator<Command>> all = new LinkedHashMap<>();
        all.put("the limit CORE", command -> command.limit(ResourceLimit.CORE, 0));
        all.put("the user or capabilities", command -> command.user(NOBODY, NOBODY));
        all.put("the user or capabilities", Command::capabilities);
        all.put("no_new_privs", Command::noNewPrivileges);
        all.put("the nice value", command -> command.nice(1));
        all.put("the scheduling policy", command -> command.scheduling(Scheduling.BATCH, 0));
        all.put("the I/O priority", command -> command.ioPriority(IoPriority.IDLE, 0));
        all.put("the processors", command -> command.processors(0));
        all.put("the umask", command -> command.umask(077));
        all.put("the parent-death signal", command -> command.parentDeathSignal(Signal.KILL));
        all.put("the cgroup", command -> command.cgroup(Path.of("/")));
        all.put("the network namespace", command -> command.networkNamespace(Path.of("/proc/self/ns/net")));
        all.put("the mount namespace", command -> command.mountNamespace(Path.of("/proc/self/ns/mnt")));
        all.put("the controlling terminal", command -> command.controllingTerminal(0));
        all.put("get the pid", command -> command.call(ChildCall.of("get the pid", 39)));
        return all.entrySet().stream();
    }

    @ParameterizedTest
    @MethodSource("settings")
    @Contract({"S13", "S16"})
    void posixSpawnRefusesByNameWhatItCannotSet(Map.Entry<String, UnaryOperator<Command>> setting) {
        Command command = setting.getValue().apply(Command.of("/bin/true"));
        try (Brood brood = Brood.builder().spawner(Spawner.posixSpawn()).build()) {
            assertThatExceptionOfType(SpawnException.class)
                    .isThrownBy(() -> brood.spawn(command))
                    .withMessageContaining("setting " + setting.getKey() + ", which posix_spawn cannot set")
                    .satisfies(failure -> {
                        assertThat(failure.step()).isEqualTo(SpawnException.Step.SETTING);
                        assertThat(failure.errno()).contains("EOPNOTSUPP");
                    });
        }
    }

    @Test
    @Contract({"S02", "S13"})
    void whatTheKernelRefusesIsToldByName() {
        Command command = Command.of("/bin/true");

        assertThat(failure(command.processors(8_000))).isEqualTo("setting the processors: EINVAL");
        assertThat(failure(command.limit(ResourceLimit.DESCRIPTORS, 1L << 40)))
                .isEqualTo("setting the limit DESCRIPTORS: EPERM");
        assertThat(failure(command.cgroup(Path.of("/no/such")))).isEqualTo("setting the cgroup of '/no/such': ENOENT");
        assertThat(failure(command.cgroup(Path.of("/"))))
                .isEqualTo("setting the cgroup of '/', which is none of version 2: EBADF");
        assertThat(failure(command.networkNamespace(Path.of("/dev/null"))))
                .isEqualTo("setting the network namespace of '/dev/null': EINVAL");
        assertThat(failure(command.controllingTerminal(0).stdin(Stdio.devNull())))
                .isEqualTo("setting the controlling terminal: ENOTTY");
        assertThat(failure(command.umask(1).processors(8_000).nice(1))).isEqualTo("setting the processors: EINVAL");
    }

    @Test
    @Contract({"S02", "S13"})
    void whoMayNotIsToldSo() throws Exception {
        List<String> told = ForkedJvm.of(Unprivileged.class)
                .under("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
                .run()
                .lines();

        assertThat(told)
                .containsExactly(
                        "user: setting the user or capabilities: EPERM",
                        "capabilities: setting the user or capabilities: EPERM",
                        "nice: setting the nice value: EACCES",
                        "umask: worked");
    }

    @Test
    @Contract({"S13", "S17"})
    void nonsenseIsRefusedBeforeAnySystemCall() {
        Command command = Command.of("true");

        assertThatIllegalArgumentException().isThrownBy(() -> command.nice(20)).withMessage("no nice value: 20");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> command.umask(01000))
                .withMessage("no umask: 512");
        assertThatIllegalArgumentException().isThrownBy(command::processors);
        assertThatIllegalArgumentException().isThrownBy(() -> command.processors(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> command.user(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> command.user(0, 0, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> command.scheduling(Scheduling.FIFO, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> command.scheduling(Scheduling.OTHER, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> command.ioPriority(IoPriority.IDLE, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> command.limit(ResourceLimit.CORE, 2, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> command.limit(ResourceLimit.CORE, ResourceLimit.UNLIMITED, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> command.controllingTerminal(-1));
    }

    /** Starts a child that is to die with it, on a thread that ends; tells of it; and is gone. */
    static final class DyingParent {
        private DyingParent() {}

        public static void main(String[] arguments) throws Exception {
            Brood brood = Brood.open();
            Command command = Shell.sleeper();
            CompletableFuture<Child> started = new CompletableFuture<>();
            CompletableFuture<Path> thread = new CompletableFuture<>();
            Thread.ofPlatform().start(() -> {
                try {
                    thread.complete(Path.of("/proc").resolve(Files.readSymbolicLink(Path.of("/proc/thread-self"))));
                    started.complete(brood.spawn(command.parentDeathSignal(Signal.KILL)));
                } catch (IOException failure) {
                    started.completeExceptionally(failure);
                }
            });
            Child child = started.join();
            Eventually.holds("thread gone", () -> !Files.exists(thread.join()));
            brood.run(Command.of("/bin/true")).check();
            System.out.println("alive after the thread: " + child.isActive());
            System.out.println(child.pid());
            System.out.flush();
            Runtime.getRuntime().halt(0);
        }
    }

    /** Asks for what only root may. */
    static final class Unprivileged {
        private Unprivileged() {}

        public static void main(String[] arguments) {
            Command command = Command.of("/bin/true");
            System.out.println("user: " + failure(command.user(1, 1)));
            System.out.println("capabilities: " + failure(command.capabilities()));
            System.out.println("nice: " + failure(command.nice(-1)));
            System.out.println("umask: " + failure(command.umask(077)));
        }
    }

    private static String failure(Command command) {
        try (Brood brood = Brood.open()) {
            brood.run(command);
            return "worked";
        } catch (SpawnException failure) {
            String message = String.valueOf(failure.getMessage());
            return message.substring(message.indexOf(": ") + 2).replaceAll(" \\(.*", "");
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    /** The kernel lists them in its own order, which the enum has too, under a head. */
    private static String rowOf(ResourceLimit resource, String limits) {
        return limits.lines().toList().get(1 + resource.number());
    }

    private static long hard(String row) {
        Matcher columns = Pattern.compile(" (\\d+) +(\\d+) ").matcher(row);
        assertThat(columns.find()).as(row).isTrue();
        return Long.parseLong(columns.group(2));
    }

    private static Command cat(String file) {
        return Command.of("cat", file);
    }

    private static Command sh(String script) {
        return Command.of("/bin/sh", "-c", script);
    }

    private static String output(Command command) throws Exception {
        try (Brood brood = Brood.open()) {
            return brood.run(command).check().stdoutText();
        }
    }

    private static Map<String, String> status(Command command) throws Exception {
        return output(command)
                .lines()
                .map(line -> line.split(":", 2))
                .collect(Collectors.toMap(field -> field[0], field -> field[1].strip()));
    }

    private static String credentials() throws Exception {
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.matches("(Uid|Gid|Groups|Cap...|NoNewPrivs|Umask):.*"))
                .collect(Collectors.joining("\n"));
    }

    private static boolean isRunning(long pid) throws Exception {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        try {
            return !Files.readString(status).contains("State:\tZ");
        } catch (IOException gone) {
            return false;
        }
    }
}
