package dev.brood;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.spawn.Bytes;
import dev.brood.spawn.ChildCall;
import dev.brood.testing.Contract;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What users say and hear: values are equal by content, tell something of themselves, and give no secret away. */
@Contract("O03")
class ValuesTest {
    private static final String SECRET = "s3cret";
    private static final Duration SHORT = Duration.ofMillis(1500);
    private static final Predicate<String> WANTED = Predicate.isEqual("up");
    private static final BooleanSupplier PASSED = new AtomicBoolean()::get;
    private static final OutputHandler HANDLER = (output, bytes) -> {};
    private static final UnknownChildHandler UNKNOWN = (pid, status) -> UnknownChildHandler.Answer.MINE;
    private static final Optional<IOException> CAUSE = Optional.of(new IOException("cause"));

    private static final Optional<SpawnException> FAILURE = Optional.of(
            new SpawnException("prog", SpawnException.Step.PROGRAM, Optional.of("ENOENT"), CAUSE.orElseThrow()));

    /** What is used by being the same, not by being equal. */
    private static final Set<Class<?>> HANDLES = Set.of(
            Brood.class,
            Brood.Builder.class,
            Child.class,
            EventQueue.class,
            Init.class,
            Input.class,
            Output.class,
            Pipeline.class,
            Scope.class,
            Service.class,
            Supervised.class,
            Watch.class);

    /** What holds a handle: equal where that is the same. None can be had without a child. */
    private static final Set<Class<?>> ABOUT_HANDLES =
            Set.of(Event.Exited.class, Stdio.From.class, Supervised.Event.Ended.class, Supervised.Event.Started.class);

    /** Each makes a value anew. */
    private static List<Supplier<Object>> samples() {
        return List.of(
                ValuesTest::command,
                () -> command().parts(),
                () -> new Command.Drain(SHORT, SHORT),
                () -> new Command.Terminal(24, 80, true),
                () -> Closing.stop(SHORT).andDescendants(),
                Closing::leaveRunning,
                ValuesTest::collected,
                () -> new Counters(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, SHORT),
                () -> new Disaster(Disaster.Kind.WAIT, CAUSE.orElseThrow()),
                () -> new Event.Failed(new Disaster(Disaster.Kind.WAIT, CAUSE.orElseThrow())),
                ValuesTest::exit,
                () -> new Exited(3),
                () -> new Signaled(Signal.TERM, true),
                () -> new Lost(Lost.Reason.ROBBED),
                () -> new JobChange.Stopped(Signal.STOP),
                JobChange.Continued::new,
                () -> Ladder.begin(Signal.INT, SHORT).then(Signal.TERM, Duration.ofSeconds(5)),
                () -> Ladder.write(SECRET, SHORT).then(Ladder.endInput(SHORT)),
                () -> new Ladder.Send(Signal.INT, SHORT),
                () -> new Ladder.Write(Bytes.of(SECRET), SHORT),
                () -> new Ladder.EndInput(SHORT),
                Ownership::ownChildren,
                () -> Ownership.everything(UNKNOWN),
                Ownership::application,
                () -> Pumping.newest(100).limit(7),
                () -> new Pumping.End(Pumping.Reason.HUNG_UP, 1, 2, CAUSE),
                () -> ReadyWhen.line(WANTED).passingOn(HANDLER),
                () -> ReadyWhen.text(SECRET).passingOn(HANDLER),
                () -> ReadyWhen.byteOn(3),
                () -> ReadyWhen.test(PASSED, SHORT),
                ValuesTest::usage,
                () -> usage().figures().orElseThrow(),
                () -> Restart.onFailure().limit(3, SHORT),
                () -> new Restart.Limit(3, SHORT),
                Service.Answer.Ready::new,
                () -> new Service.Answer.Ended(exit()),
                Service.Answer.TooLate::new,
                () -> new Signal(64),
                Stdio::inherit,
                Stdio::devNull,
                () -> Stdio.append(Path.of("/tmp/log")),
                () -> Stdio.descriptor(7),
                () -> Stdio.pipe(4096),
                Stdio::pipeToChild,
                () -> Stdio.content(SECRET),
                () -> Stdio.collect(3),
                Stdio.SameAsStdout::new,
                Stdio::lifeline,
                () -> new Supervised.Event.NotStarted(FAILURE.orElseThrow(), Optional.of(SHORT)),
                () -> Wrapper.shell("ssh", "host", SECRET));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void valueIsEqualToOneOfTheSameContentAndShowsNoSecret(Supplier<Object> sample) {
        Object one = sample.get();
        Object other = sample.get();

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(one.toString())
                .isEqualTo(other.toString())
                .doesNotContain(SECRET, one.getClass().getSimpleName() + "@");
    }

    @Test
    void noTwoSamplesAreEqual() {
        List<Object> all = new ArrayList<>();
        samples().forEach(sample -> all.add(sample.get()));

        assertThat(all).doesNotHaveDuplicates();
    }

    @Test
    void everyPublicTypeThatIsNoHandleIsSampled() throws Exception {
        List<Class<?>> sampled = new ArrayList<>(ABOUT_HANDLES);
        samples().forEach(sample -> sampled.add(sample.get().getClass()));

        assertThat(values()).isNotEmpty().isSubsetOf(sampled);
    }

    @Test
    void everyPublicTypeThatHoldsAHandleIsARecord() {
        assertThat(ABOUT_HANDLES).allMatch(Class::isRecord);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void commandIsEqualToNoneThatSaysMore(Command changed) {
        assertThat(changed).isNotEqualTo(Command.of("prog")).isNotEqualTo(command());
        assertThat(changed.toString()).doesNotContain(SECRET);
        assertThat(changed.parts().toString()).doesNotContain(SECRET);
    }

    private static Stream<Command> changes() {
        Command bare = Command.of("prog");
        return Stream.of(
                Command.of("prog", SECRET),
                Command.of("other"),
                bare.argv0(SECRET),
                bare.directory(Path.of("/")),
                bare.env("A", SECRET),
                bare.envRemove("A"),
                bare.clearEnv(),
                bare.through(Wrapper.of("env", SECRET)),
                bare.stdin(Stdio.content(SECRET)),
                bare.mergeStderr(),
                bare.terminal(24, 80),
                bare.newSession(),
                bare.newGroup(),
                bare.foreground(),
                bare.keepSignals(),
                bare.deadline(SHORT),
                bare.grace(SHORT),
                bare.reach(Reach.TREE),
                bare.drain(SHORT),
                bare.drain(Duration.ZERO, SHORT),
                bare.silence(SHORT),
                bare.limit(ResourceLimit.CORE, 1),
                bare.user(1, 2, 3),
                bare.capabilities(Capability.KILL),
                bare.noNewPrivileges(),
                bare.nice(3),
                bare.scheduling(Scheduling.BATCH, 0),
                bare.ioPriority(IoPriority.IDLE, 0),
                bare.processors(0),
                bare.umask(7),
                bare.parentDeathSignal(Signal.KILL),
                bare.cgroup(Path.of("/sys/fs/cgroup/jobs")),
                bare.networkNamespace(Path.of("/run/netns/a")),
                bare.mountNamespace(Path.of("/proc/1/ns/mnt")),
                bare.controllingTerminal(0),
                bare.call(ChildCall.of("do", 1).bytes(SECRET.getBytes(UTF_8))));
    }

    @Test
    void sameSettingsMadeAnewAreEqual() {
        List<Command> some = changes().toList();

        assertThat(changes().toList()).isEqualTo(some);
        assertThat(some).doesNotHaveDuplicates();
    }

    @Test
    void ladderSaysItsSteps() {
        assertThat(Ladder.term(Duration.ofSeconds(5))).hasToString("TERM, 5s, KILL");
        assertThat(Ladder.begin(Signal.INT, SHORT).then(Signal.TERM, Duration.ofMinutes(90)))
                .hasToString("INT, 1.5s, TERM, 1h30m, KILL");
        assertThat(Ladder.kill()).hasToString("KILL");
        assertThat(Ladder.write("q\n", SHORT).then(Ladder.endInput(SHORT)).then(Ladder.term(SHORT)))
                .hasToString("write 2 bytes, 1.5s, end input, 1.5s, TERM, 1.5s, KILL")
                .returns(SHORT.multipliedBy(3), Ladder::length);
    }

    @Test
    void resultIsBuiltForATest() throws Exception {
        Collected built = new Collected("prog", exit(), "out".getBytes(UTF_8), new byte[0], true);

        assertThat(built.stdoutText()).isEqualTo("out");
        assertThat(built.exit().usage().userTime()).isEqualTo(SHORT);
        assertThat(built.check(3)).isSameAs(built);
    }

    private static Command command() {
        return Command.of("/usr/bin/prog", "-v", SECRET)
                .argv0(SECRET)
                .env("TOKEN", SECRET)
                .envRemove("HOME")
                .directory(Path.of("/tmp"))
                .stdin(Stdio.content(SECRET))
                .mergeStderr()
                .deadline(SHORT)
                .nice(3)
                .limit(ResourceLimit.CORE, 0)
                .user(1, 2, 3)
                .cgroup(Path.of("/sys/fs/cgroup/jobs"));
    }

    private static Collected collected() {
        return new Collected("prog", exit(), SECRET.getBytes(UTF_8), SECRET.getBytes(UTF_8), false);
    }

    private static Exit exit() {
        return new Exit(new Exited(3), usage(), SHORT, Ending.BY_ITSELF);
    }

    private static ResourceUsage usage() {
        return new ResourceUsage(
                Optional.of(new ResourceUsage.Figures(SHORT, Duration.ofMillis(7), OptionalLong.of(1), 2, 3, 4, 5)));
    }

    /** The public types of the package that are neither handles nor interfaces, enums or exceptions. */
    private static List<Class<?>> values() throws IOException, ClassNotFoundException {
        List<Class<?>> values = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("target", "classes", "dev", "brood"))) {
            for (String name :
                    files.map(file -> file.getFileName().toString()).sorted().toList()) {
                if (name.endsWith(".class") && !name.startsWith("package-info")) {
                    Class<?> type = Class.forName("dev.brood." + name.substring(0, name.length() - 6));
                    if (isValue(type)) {
                        values.add(type);
                    }
                }
            }
        }
        return values;
    }

    private static boolean isValue(Class<?> type) {
        boolean open = type.getEnclosingClass() == null || isPublic(type.getEnclosingClass());
        boolean other = type.isInterface() || type.isEnum() || Throwable.class.isAssignableFrom(type);
        return open && isPublic(type) && !other && !HANDLES.contains(type);
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers());
    }
}
