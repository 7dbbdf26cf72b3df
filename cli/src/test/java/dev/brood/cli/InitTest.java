package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code brood init} as a container sees it: contract K09. The timeout only bounds a hang. */
@Timeout(120)
class InitTest {
    /** ILL BUS FPE SEGV PIPE XFSZ RTMAX-2 are the JDK's, 16 its suspend signal; KILL, CHLD, STOP, TTIN, TTOU; 32 and 33 are libc's. */
    private static final Set<Integer> NOT_PASSED_ON = Set.of(4, 7, 8, 9, 11, 13, 16, 17, 19, 21, 22, 25, 32, 33, 62);

    /** Until init has ended. It spins, for a signal in the moment before a shell's read blocks is heard only after the read. */
    private static final String WAIT = "while [ -d /proc/${INIT:-$PPID} ]; do :; done";

    private static final int ORPHANS = 100;
    private static final int TIMES = 20;

    /** A run of it whose output, errors among it, is read as it comes. */
    private record Running(Process process, BufferedReader out) implements AutoCloseable {
        static Running start(List<String> before, Map<String, String> environment, String... arguments)
                throws IOException {
            List<String> line = new ArrayList<>(before);
            line.addAll(Program.initLine());
            line.add("init");
            line.addAll(List.of(arguments));
            return of(line, environment);
        }

        static Running start(String... arguments) throws IOException {
            return start(List.of(), Map.of("TINI_VERBOSITY", "0"), arguments);
        }

        static Running of(List<String> line, Map<String, String> environment) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            return new Running(process, process.inputReader());
        }

        void signal(int number) throws Exception {
            send(process.pid(), number);
        }

        String line() throws IOException {
            return String.valueOf(out.readLine());
        }

        List<String> rest() {
            return out.lines().toList();
        }

        int end() throws InterruptedException {
            return process.waitFor();
        }

        /** Whoever reads what we write ends with it. */
        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"exit 0|0", "exit 7|7", "exit 137|137", "exit 255|255", "kill -9 $$|137", "kill -TERM $$|143"})
    void endsAsTheMainChildEnds(String script, int status) throws Exception {
        try (Running init = Running.start("sh", "-c", script)) {
            assertThat(init.rest()).isEmpty();
            assertThat(init.end()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"exit 7|0", "kill -TERM $$|0", "exit 143|0", "exit 8|8", "exit 0|0"})
    void expectedStatusIs0(String script, int status) throws Exception {
        try (Running init = Running.start("-e", "143", "-e7", "--", "sh", "-c", script)) {
            assertThat(init.end()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource({"no-such-program, 127, ENOENT", "/etc/passwd, 126, EACCES"})
    void whatCannotBeExecutedIsOneLineAnd126Or127(String program, int status, String errno) throws Exception {
        try (Running init = Running.start("--", program)) {
            assertThat(init.rest())
                    .singleElement()
                    .asString()
                    .startsWith("brood: cannot start " + program)
                    .contains(errno);
            assertThat(init.end()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-v | no command to run",
                "-e 256 -- true | no exit status: 256",
                "-e x -- true | is not an int",
                "-p LOUD -- true | no signal: LOUD",
                "--stop-rest=soon -- true | not a time: ",
            })
    void wrongUseIsOneLineAnd2(String line, String message) throws Exception {
        try (Running init = Running.start(line.strip().split(" ", -1))) {
            assertThat(init.rest())
                    .singleElement()
                    .asString()
                    .startsWith("brood: ")
                    .contains(message);
            assertThat(init.end()).isEqualTo(2);
        }
    }

    @Test
    void helpAndVersionAreThere() throws Exception {
        assertThat(Program.brood("init", "-h").out())
                .contains("-s", "-g", "-w", "-e=CODE", "-p=SIGNAL", "TINI_SUBREAPER");
        assertThat(Program.brood("init", "--version").out())
                .startsWith("brood ")
                .hasLineCount(1);
    }

    @Test
    void everySignalThatIsNotTheJvmsIsPassedOnOnce() throws Exception {
        List<Integer> numbers = IntStream.rangeClosed(1, 64)
                .filter(number -> !NOT_PASSED_ON.contains(number))
                .boxed()
                .toList();
        String all = String.join(" ", numbers.stream().map(String::valueOf).toList());
        String traps = "for n in " + all + "; do trap \"echo $n\" $n; done; echo up; ";
        try (Running init = Running.start("--", "sh", "-c", traps + WAIT)) {
            assertThat(init.line()).isEqualTo("up");

            for (int number : numbers) {
                for (int times = 0; times < 2; times++) {
                    init.signal(number);
                    assertThat(init.line()).isEqualTo(Integer.toString(number));
                }
            }

            init.process().children().forEach(ProcessHandle::destroyForcibly);
            assertThat(init.rest()).as("what came too often").isEmpty();
            assertThat(init.end()).isEqualTo(137);
        }
    }

    @Test
    void queuedSignalIsPassedOnAsOftenAsItCame() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = Program.classPath() + ":target/test-classes";
        try (Running init = Running.start(
                "--", java, "--enable-native-access=ALL-UNNAMED", "-cp", classes, "dev.brood.cli.Heard")) {
            assertThat(init.line()).isEqualTo("up");

            for (int i = 0; i < TIMES; i++) {
                init.signal(Heard.SIGNAL.number());
            }

            for (int i = 0; i < TIMES; i++) {
                assertThat(init.line()).isEqualTo("heard");
            }
            init.signal(Signal.TERM.number());
            assertThat(init.rest()).isEmpty();
            assertThat(init.end()).isEqualTo(143);
        }
    }

    @Test
    void signalReachesTheGroupIfAsked() throws Exception {
        for (Running init : List.of(
                Running.start("-g", "--", "sh", "-c", family()),
                Running.start(List.of(), Map.of("TINI_KILL_PROCESS_GROUP", ""), "--", "sh", "-c", family()))) {
            try (init) {
                List<String> before = Stream.generate(() -> next(init))
                        .takeWhile(line -> !line.equals("up"))
                        .toList();
                assertThat(before).allMatch(line -> line.startsWith("brood: warning: "));

                init.signal(Signal.USR1.number());

                assertThat(List.of(init.line(), init.line())).containsExactlyInAnyOrder("leader", "member");
                init.signal(Signal.TERM.number());
                assertThat(init.rest()).isEmpty();
                assertThat(init.end()).isEqualTo(143);
            }
        }
    }

    @Test
    void signalReachesTheMainChildAloneIfNotAsked() throws Exception {
        try (Running init = Running.start("--", "sh", "-c", family())) {
            assertThat(init.line()).isEqualTo("up");

            init.signal(Signal.USR1.number());
            assertThat(init.line()).isEqualTo("leader");
            init.signal(Signal.USR1.number());
            assertThat(init.line()).isEqualTo("leader");

            init.signal(Signal.TERM.number());
            assertThat(init.end()).isEqualTo(143);
        }
    }

    /** A shell and another in its group, both of which say that they got USR1, and end of TERM. */
    private static String family() {
        String member = "trap 'echo member' USR1; echo up; " + WAIT;
        return "trap 'echo leader' USR1; INIT=$PPID sh -c \"" + member.replace("$", "\\$") + "\" & " + WAIT;
    }

    @Test
    void faultsThatSomebodySendsToPidOneAreDropped(@TempDir Path folder) throws Exception {
        List<String> namespace = List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");
        assumeTrue(works(namespace), "needs to be permitted a pid namespace");
        String script = "for n in 4 7 8 11; do kill -$n 1; done; read -r line < " + fifo(folder) + "; exit 7";
        try (Running init = Running.start(namespace, Map.of("TINI_VERBOSITY", "0"), "--", "sh", "-c", script)) {
            Files.writeString(folder.resolve("fifo"), "go\n");

            assertThat(init.rest()).isEmpty();
            assertThat(init.end()).isEqualTo(7);
        }
    }

    @Test
    void orphansAreReapedAllTheTime(@TempDir Path folder) throws Exception {
        List<String> namespace = List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");
        assumeTrue(works(namespace), "needs to be permitted a pid namespace");
        Path fifo = fifo(folder);
        String script = "exec 3<&0; i=0; while [ $i -lt " + ORPHANS + " ]; do (cat <&3 >/dev/null &); i=$((i+1)); done;"
                + " echo up $$; read -r line < " + fifo + "; exit 7";
        try (Running init = Running.start(namespace, Map.of(), "-w", "--", "sh", "-c", script)) {
            assertThat(init.line()).startsWith("up ");

            init.process().getOutputStream().close(); // which ends them

            for (int i = 0; i < ORPHANS; i++) {
                assertThat(init.line())
                        .startsWith("brood: warning: reaped the orphan [")
                        .endsWith(" ended well");
            }
            ProcessHandle pid1 = init.process().children().findFirst().orElseThrow();
            assertThat(pid1.children()).as("zombies are children too").hasSize(1);
            Files.writeString(fifo, "go\n");
            assertThat(init.end()).isEqualTo(7);
            assertThat(init.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-s", "by environment"})
    void subreaperReapsOrphansToo(String how) throws Exception {
        boolean option = how.equals("-s");
        Map<String, String> environment = option ? Map.of() : Map.of("TINI_SUBREAPER", "");
        try (Running init = Running.start(
                List.of(),
                environment,
                option ? "-sw" : "-w",
                "--",
                "sh",
                "-c",
                "(sh -c 'kill -9 $$' &); read -r line; exit 3")) {
            assertThat(init.line())
                    .startsWith("brood: warning: reaped the orphan [")
                    .endsWith("was killed by signal KILL");

            init.process().getOutputStream().close();
            assertThat(init.end()).isEqualTo(3);
        }
    }

    @Test
    void saysSoWhereItAdoptsNoOrphans() throws Exception {
        assumeTrue(ProcessHandle.current().pid() != 1, "needs not to be PID 1 itself");
        try (Running init = Running.start(List.of(), Map.of(), "--", "true")) {
            assertThat(init.rest())
                    .containsExactly(
                            "brood: warning: this is neither PID 1 nor a subreaper (-s), so it adopts no orphans");
            assertThat(init.end()).isZero();
        }
    }

    @Test
    void endsWithTheMainChildThoughOthersLive(@TempDir Path folder) throws Exception {
        Path fifo = fifo(folder);
        String orphan = "read -r said < " + fifo + "; echo $said > " + fifo;
        try (Running init = Running.start(
                List.of(), Map.of("orphan", orphan), "-s", "--", "sh", "-c", "(sh -c \"$orphan\" &); exit 5")) {
            assertThat(init.end()).isEqualTo(5);

            Files.writeString(fifo, "I live\n");
            assertThat(Files.readAllLines(fifo)).containsExactly("I live");
        }
    }

    @Test
    void restIsEndedByTheLadderIfAsked(@TempDir Path folder) throws Exception {
        Path fifo = fifo(folder);
        String polite = "trap 'echo polite got TERM; exit' TERM; echo up > " + fifo + "; " + WAIT;
        String deaf = "trap '' TERM; echo up > " + fifo + "; " + WAIT;
        String script = "export polite deaf INIT=$PPID; (sh -c \"$polite\" &); read -r up < " + fifo
                + "; (sh -c \"$deaf\" &); read -r up < " + fifo + "; exit 6";
        try (Running init = Running.start(
                List.of(),
                Map.of("polite", polite, "deaf", deaf),
                "-sw",
                "--stop-rest=300ms",
                "--",
                "sh",
                "-c",
                script)) {
            List<String> said = init.rest(); // both hold our pipe: its end is theirs

            assertThat(init.end()).isEqualTo(6);
            assertThat(said).contains("polite got TERM").anyMatch(line -> line.endsWith("was killed by signal KILL"));
        }
    }

    @Test
    void parentsDeathBringsTheSignalThatWasAskedFor() throws Exception {
        // What the JDK has started lives until all is said: when that ends, it reads no more, whoever may write still.
        String parentOfIt = "sh -c '\"$@\" & read -r line' sh \"$@\" | cat";
        List<String> line = new ArrayList<>(List.of("sh", "-c", parentOfIt, "sh"));
        line.addAll(Program.initLine());
        line.addAll(List.of(
                "init", "-p", "USR2", "--", "sh", "-c", "trap 'echo USR2; exit' USR2; echo up; while :; do :; done"));
        try (Running parent = Running.of(line, Map.of("TINI_VERBOSITY", "0"))) {
            assertThat(parent.line()).isEqualTo("up");

            parent.process().getOutputStream().close();

            assertThat(parent.rest()).containsExactly("USR2");
        }
    }

    @Test
    void mainChildBeginsWithTheSignalsThatWeBeganWithAndInAGroupOfItsOwn() throws Exception {
        String upTo28 = "sed -nE 's/^(SigBlk|SigIgn):.*(.{7})$/\\1 \\2/p' /proc/self/status";
        String group =
                "read -r pid name state parent group rest < /proc/self/stat; [ $pid = $group ] && echo own group";
        String script = upTo28 + "; echo \"[$_JAVA_SR_SIGNUM]\"; " + group;
        List<String> ignoring = List.of("env", "--ignore-signal=USR1");
        try (Running init = Running.start(ignoring, Map.of("TINI_VERBOSITY", "0"), "sh", "-c", script)) {
            assertThat(init.rest()).containsExactly("SigBlk 0000000", "SigIgn 0000200", "[]", "own group");
        }
    }

    @Test
    void signalThatWasIgnoredIsPassedOnToo() throws Exception {
        String heeding = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, {10}); print('up', flush=True); "
                + "print(signal.Signals(signal.sigwait({10})).name)";
        assumeTrue(works(List.of("python3", "--version")), "needs Python: a shell never traps what was ignored");
        List<String> ignoring = List.of("env", "--ignore-signal=USR1");
        try (Running init = Running.start(ignoring, Map.of(), "-sv", "--", "python3", "-c", heeding)) {
            assertThat(List.of(init.line(), init.line())) // init hears what was ignored once it has said that
                    .anyMatch("up"::equals)
                    .anyMatch(line -> line.startsWith("brood: started "));

            init.signal(Signal.USR1.number());

            assertThat(init.line()).isEqualTo("SIGUSR1");
        }
    }

    @Test
    void mainChildGetsTheForegroundOfTheTerminal() throws Exception {
        List<String> line = new ArrayList<>(List.of("run", "--pty", "--"));
        line.addAll(Program.initLine());
        line.addAll(List.of(
                "init",
                "-s",
                "--",
                "sh",
                "-c",
                "read -r pid name state parent group session terminal foreground rest < /proc/self/stat; "
                        + "[ $pid = $group ] && [ $group = $foreground ] && echo foreground"));

        Program.Result result = Program.brood(line.toArray(String[]::new));

        assertThat(result.out().strip()).isEqualTo("foreground");
        assertThat(result.status()).isZero();
    }

    @Test
    void withoutXrsTermIsPassedOnAllTheSame() throws Exception {
        List<String> line = Program.line();
        line.addAll(List.of("init", "-s", "--", "sh", "-c", "trap 'exit 9' TERM; echo up; " + WAIT));
        try (Running init = Running.of(line, Map.of())) {
            assertThat(init.line()).startsWith("brood: warning: USR2 is not passed on: ");
            assertThat(init.line())
                    .isEqualTo("brood: warning: the JVM was not started with -Xrs: QUIT is not passed on");
            assertThat(init.line()).isEqualTo("up");

            init.signal(Signal.TERM.number());

            assertThat(init.end()).isEqualTo(9);
        }
    }

    private static String next(Running init) {
        try {
            return init.line();
        } catch (IOException failure) {
            return String.valueOf(failure.getMessage());
        }
    }

    private static void send(long pid, int number) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + number, Long.toString(pid)).start();
        assertThat(kill.waitFor()).isZero();
    }

    private static Path fifo(Path folder) throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        return fifo;
    }

    private static boolean works(List<String> command) throws Exception {
        List<String> line = new ArrayList<>(command);
        if (command.getFirst().equals("unshare")) {
            line.add("true");
        }
        return new ProcessBuilder(line).start().waitFor() == 0;
    }
}
