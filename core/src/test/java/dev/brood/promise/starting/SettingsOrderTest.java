package dev.brood.promise.starting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Exited;
import dev.brood.Ladder;
import dev.brood.Reach;
import dev.brood.ResourceLimit;
import dev.brood.Restart;
import dev.brood.Stdio;
import dev.brood.Wrapper;
import dev.brood.testing.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings of a command in every order: what they come to, and what is refused whichever was said first. */
@Contract("S17")
class SettingsOrderTest {
    private static final Command TRUE = Command.of("true");

    @TempDir
    Path directory;

    /** One setting, by its name. */
    record Setting(String name, UnaryOperator<Command> how) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Two that cannot hold both. */
    record Pair(Setting one, Setting other) {}

    private static final Setting SESSION = new Setting("newSession", Command::newSession);
    private static final Setting NEW_GROUP = new Setting("newGroup", Command::newGroup);
    private static final Setting GROUP = new Setting("group", command -> command.group(7));
    private static final Setting FOREGROUND = new Setting("foreground", Command::foreground);
    private static final Setting TERMINAL = new Setting("terminal", command -> command.terminal(24, 80));
    private static final Setting CONTROLLING =
            new Setting("controllingTerminal", command -> command.controllingTerminal(0));
    private static final Setting REACH_GROUP = new Setting("reach(GROUP)", command -> command.reach(Reach.GROUP));
    private static final Setting REACH_SESSION = new Setting("reach(SESSION)", command -> command.reach(Reach.SESSION));
    private static final Setting REACH_CGROUP = new Setting("reach(CGROUP)", command -> command.reach(Reach.CGROUP));
    private static final Setting NOTHING = new Setting("cgroup", command -> command);
    private static final Setting RENAMED = new Setting("argv0", command -> command.argv0("other"));
    private static final Setting WRAPPED = new Setting("through", command -> command.through(Wrapper.of("env")));

    private static List<Pair> contradictions() {
        return List.of(
                new Pair(SESSION, GROUP),
                new Pair(TERMINAL, GROUP),
                new Pair(CONTROLLING, GROUP),
                new Pair(REACH_SESSION, GROUP),
                new Pair(REACH_GROUP, GROUP),
                new Pair(SESSION, FOREGROUND),
                new Pair(TERMINAL, FOREGROUND),
                new Pair(CONTROLLING, FOREGROUND),
                new Pair(REACH_SESSION, FOREGROUND),
                new Pair(TERMINAL, CONTROLLING),
                new Pair(REACH_CGROUP, NOTHING),
                new Pair(RENAMED, WRAPPED));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void contradictionIsRefusedByTheStartInEitherOrderNamingBoth(Pair pair) {
        try (Brood brood = Brood.open()) {
            for (Command command : List.of(said(pair.one(), pair.other()), said(pair.other(), pair.one()))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> brood.spawn(command))
                        .withMessageContaining(pair.one().name())
                        .withMessageContaining(pair.other().name());
                assertThatIllegalArgumentException().isThrownBy(() -> brood.run(command));
                assertThatIllegalArgumentException().isThrownBy(() -> brood.supervise(command, Restart.never()));
            }
            assertThat(brood.active()).isZero();
        }
    }

    @Test
    void groupOfItsOwnGoesWithEverythingThatMeansOneInEveryOrder() throws Exception {
        Command leader = Command.of("/bin/sh", "-c", "cut -d' ' -f5 /proc/$$/stat; echo $$");
        for (List<Setting> settings : orders(List.of(NEW_GROUP, REACH_GROUP, SESSION, REACH_SESSION))) {
            List<String> numbers = output(said(leader, settings));

            assertThat(numbers).as("in the order %s", settings).hasSize(2);
            assertThat(numbers.getFirst()).as("in the order %s", settings).isEqualTo(numbers.getLast());
        }
    }

    @Test
    void terminalGoesWithSessionAndReachInEveryOrder() throws Exception {
        for (List<Setting> settings : orders(List.of(TERMINAL, REACH_GROUP, NEW_GROUP, SESSION))) {
            if (!settings.contains(TERMINAL)) {
                continue;
            }
            Command command = said(Command.of("tty"), settings);
            try (Brood brood = Brood.open()) {
                Child child = brood.spawn(command);

                assertThat(new String(child.stdout().stream().readAllBytes(), UTF_8))
                        .as("in the order %s", settings)
                        .startsWith("/dev/pts/");
                assertThat(child.await().status()).isEqualTo(new Exited(0));
            }
        }
    }

    @Test
    void laterOfTwoForOneThingWins() throws Exception {
        assertThat(TRUE.stdin(Stdio.pipe()).stdin(Stdio.devNull())).isEqualTo(TRUE.stdin(Stdio.devNull()));
        assertThat(TRUE.fd(7, Stdio.devNull()).fd(7, Stdio.pipe())).isEqualTo(TRUE.fd(7, Stdio.pipe()));
        assertThat(TRUE.stderr(Stdio.pipe()).mergeStderr()).isEqualTo(TRUE.mergeStderr());
        assertThat(TRUE.mergeStderr().stderr(Stdio.pipe())).isEqualTo(TRUE.stderr(Stdio.pipe()));
        assertThat(TRUE.newGroup().group(7)).isEqualTo(TRUE.group(7));
        assertThat(TRUE.group(7).newGroup()).isEqualTo(TRUE.newGroup());
        assertThat(TRUE.group(7).group(8)).isEqualTo(TRUE.group(8));
        assertThat(TRUE.terminal(1, 2).rawTerminal(3, 4)).isEqualTo(TRUE.rawTerminal(3, 4));
        assertThat(TRUE.reach(Reach.GROUP).reach(Reach.CHILD)).isEqualTo(TRUE);
        assertThat(TRUE.directory(directory).directory(Path.of("/"))).isEqualTo(TRUE.directory(Path.of("/")));
        assertThat(TRUE.limit(ResourceLimit.CORE, 1).limit(ResourceLimit.CORE, 2, 3))
                .isEqualTo(TRUE.limit(ResourceLimit.CORE, 2, 3));
        assertThat(TRUE.nice(3).umask(7).nice(4)).isEqualTo(TRUE.umask(7).nice(4));
        assertThat(TRUE.env("A", "1").env("A", "2")).isEqualTo(TRUE.env("A", "2"));
        assertThat(TRUE.deadline(Duration.ofDays(1)).deadline(Duration.ofDays(2)))
                .isEqualTo(TRUE.deadline(Duration.ofDays(2)));
        assertThat(TRUE.grace(Duration.ofDays(1)).ladder(Ladder.kill())).isEqualTo(TRUE.ladder(Ladder.kill()));
    }

    @Test
    void templateIsGivenOtherStreamsByTheProgramThatUsesIt() throws Exception {
        Path file = directory.resolve("out");
        Command template = Command.of("/bin/sh", "-c", "echo out; echo err >&2")
                .stdout(Stdio.devNull())
                .stderr(Stdio.devNull());

        try (Brood brood = Brood.open()) {
            brood.run(template.stdout(Stdio.write(file)).mergeStderr()).check();
        }

        assertThat(Files.readString(file)).isEqualTo("out\nerr\n");
    }

    private static Command said(Setting first, Setting then) {
        return said(TRUE, List.of(first, then));
    }

    private static Command said(Command command, List<Setting> settings) {
        Command changed = command;
        for (Setting setting : settings) {
            changed = setting.how().apply(changed);
        }
        return changed;
    }

    private static List<String> output(Command command) throws IOException, InterruptedException {
        try (Brood brood = Brood.open()) {
            return brood.run(command).stdoutText().lines().toList();
        }
    }

    /** Every order of every choice of them. */
    private static List<List<Setting>> orders(List<Setting> settings) {
        List<List<Setting>> all = new ArrayList<>();
        for (Setting first : settings) {
            all.add(List.of(first));
            List<Setting> others =
                    settings.stream().filter(other -> !other.equals(first)).toList();
            for (List<Setting> order : orders(others)) {
                all.add(Stream.concat(Stream.of(first), order.stream()).toList());
            }
        }
        return all;
    }
}
