package dev.brood.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.Ladder;
import dev.brood.Lost;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Makes up by chance what becomes of children, and knows how each has to end. One for each thread that starts. */
public final class Fates {
    private static final Duration AMPLE = Duration.ofMinutes(1);
    private static final Signal IGNORED = Signal.named("WINCH"); // by who does not handle it: a ladder climbs past it
    private static final List<Signal> DEADLY =
            List.of(Signal.HUP, Signal.INT, Signal.KILL, Signal.USR1, Signal.USR2, Signal.PIPE, Signal.TERM);
    private static final ExitStatus KILLED = new Signaled(Signal.KILL, false);
    private static final byte[] SAID = "something\n".getBytes(UTF_8);
    private static final int PERCENT = 100;

    /** How a start can go, and its share in percent. A shell costs as much as ten of the others. */
    public enum Kind {
        EXITS(26),
        DIES(10),
        KILLED(10),
        RACED(10),
        STOPPED(8),
        OVERDUE(8),
        COLLECTED(8),
        READ(6),
        READ_BY_THREAD(4),
        UNREAD(4),
        HANDED_OVER(2),
        FAILS(3),
        SHELL(1);

        private final int share;

        Kind(int share) {
            this.share = share;
        }
    }

    /**
     * What becomes of one.
     *
     * @param then what is done with the child once the start has returned
     * @param fits whether it may end so
     * @param failure step and errno, where it cannot be started
     */
    public record Fate(
            Kind kind, Command command, Consumer<Child> then, Predicate<Exit> fits, Optional<String> failure) {}

    private final Random random;
    private final EventLoop loop;
    private final Consumer<String> wrong;
    private final Path noProgram;

    /**
     * Begins.
     *
     * @param loop that the children are heard on
     * @param wrong told what has come of a child's streams that should not have
     * @param noProgram a file that cannot be executed
     */
    public Fates(long seed, EventLoop loop, Consumer<String> wrong, Path noProgram) {
        this.random = new Random(seed);
        this.loop = loop;
        this.wrong = wrong;
        this.noProgram = noProgram;
    }

    public Fate next() {
        Kind kind = kind();
        return switch (kind) {
            case EXITS -> exits(kind);
            case DIES -> dies(kind);
            case KILLED -> killed(kind);
            case RACED -> raced(kind);
            case STOPPED -> stopped(kind);
            case OVERDUE -> overdue(kind);
            case COLLECTED -> collected(kind);
            case READ -> read(kind);
            case READ_BY_THREAD -> readByThread(kind);
            case UNREAD -> unread(kind);
            case HANDED_OVER -> handedOver(kind);
            case FAILS -> fails(kind);
            case SHELL -> shell(kind);
        };
    }

    private Kind kind() {
        int drawn = random.nextInt(PERCENT);
        for (Kind kind : Kind.values()) {
            drawn -= kind.share;
            if (drawn < 0) {
                return kind;
            }
        }
        throw new AssertionError("the shares are no hundred");
    }

    private Fate exits(Kind kind) {
        int code = code();
        return alone(kind, Small.exit(code), exited(code));
    }

    private Fate dies(Kind kind) {
        Signal signal = DEADLY.get(random.nextInt(DEADLY.size()));
        return alone(kind, Small.dying(signal), ended(signal, Ending.BY_ITSELF));
    }

    /** At once, or when it has slept for a while. */
    private Fate killed(Kind kind) {
        Duration after = aWhile();
        Consumer<Child> kill = random.nextBoolean()
                ? child -> child.signal(Signal.KILL)
                : child -> loop.schedule(after, () -> child.signal(Signal.KILL));
        return fate(kind, Small.sleeper(), kill, ended(Signal.KILL, Ending.SIGNALLED));
    }

    /** It ends by itself when we end it, in one way or the other. */
    private Fate raced(Kind kind) {
        Command command = Small.exit(0);
        Predicate<Exit> either =
                exit -> exit.status().equals(new Exited(0)) || exit.status().equals(KILLED);
        return switch (random.nextInt(3)) {
            case 0 -> fate(kind, command, child -> child.signal(Signal.KILL), either);
            case 1 -> fate(kind, command, child -> child.stop(Duration.ZERO), either);
            default -> alone(kind, command.deadline(aWhile().dividedBy(4)).ladder(Ladder.kill()), either);
        };
    }

    private Fate stopped(Kind kind) {
        return switch (random.nextInt(4)) {
            case 0 -> stopped(kind, Ladder.term(AMPLE), Signal.TERM);
            case 1 -> stopped(kind, Ladder.begin(Signal.INT, AMPLE).then(Signal.TERM, AMPLE), Signal.INT);
            case 2 -> stopped(kind, Ladder.begin(IGNORED, aWhile()).then(Signal.TERM, AMPLE), Signal.TERM);
            default -> stopped(kind, Ladder.begin(IGNORED, aWhile()), Signal.KILL);
        };
    }

    private static Fate stopped(Kind kind, Ladder ladder, Signal last) {
        return fate(kind, Small.sleeper(), child -> child.stop(ladder), ended(last, Ending.SIGNALLED));
    }

    private Fate overdue(Kind kind) {
        Command command = Small.sleeper().deadline(aWhile());
        return random.nextBoolean()
                ? alone(kind, command, ended(Signal.TERM, Ending.DEADLINE))
                : alone(kind, command.ladder(Ladder.begin(IGNORED, aWhile())), ended(Signal.KILL, Ending.DEADLINE));
    }

    private Fate collected(Kind kind) {
        String word = word();
        Command command = Small.talkerAfterInput(word)
                .stdin(Stdio.content(word().repeat(random.nextInt(200))))
                .stdout(Stdio.collect(1_000))
                .stderr(Stdio.collect(1_000));
        Consumer<Child> collect = child -> {
            var _ = child.collected().thenAccept(all -> compare(word, all.stdoutText(), all.isComplete()));
        };
        return fate(kind, command, collect, exited(0));
    }

    private Fate read(Kind kind) {
        String word = word();
        return fate(
                kind,
                piped(word),
                child -> {
                    child.stderr().close();
                    child.stdout().read(new Listener(word));
                    say(child);
                },
                exited(0));
    }

    private Fate readByThread(Kind kind) {
        String word = word();
        return fate(
                kind,
                piped(word),
                child -> {
                    child.stderr().close();
                    say(child);
                    compare(word, heard(child), true);
                },
                exited(0));
    }

    private static void say(Child child) {
        try (OutputStream input = child.stdin().stream()) {
            input.write(SAID);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String heard(Child child) {
        try (InputStream output = child.stdout().stream()) {
            return new String(output.readAllBytes(), UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Its pipes are let go of a while after its end. */
    private Fate unread(Kind kind) {
        Command command = Small.talker(word()).stdout(Stdio.pipe()).stderr(Stdio.pipe());
        Command withInput = random.nextBoolean() ? command.fd(3, Stdio.pipeToChild()) : command;
        return alone(kind, withInput.drain(aWhile()), exited(0));
    }

    private Fate handedOver(Kind kind) {
        return fate(
                kind,
                Small.sleeper(),
                Child::killAndDrop,
                exit -> exit.status().equals(new Lost(Lost.Reason.HANDED_OVER)));
    }

    /** With pipes, which are to be closed again. */
    private Fate fails(Kind kind) {
        return switch (random.nextInt(3)) {
            case 0 -> fails(kind, Command.of("/no/such/program"), "PROGRAM ENOENT");
            case 1 -> fails(kind, Command.of(noProgram.toString()), "PROGRAM EACCES");
            default -> fails(kind, Small.exit(0).directory(Path.of("/no/such/directory")), "DIRECTORY ENOENT");
        };
    }

    private static Fate fails(Kind kind, Command command, String failure) {
        return new Fate(kind, command.fd(3, Stdio.pipe()), child -> {}, exit -> false, Optional.of(failure));
    }

    private Fate shell(Kind kind) {
        int code = code();
        return alone(kind, CutOff.sh("(exit 1) & true | (exit 2); wait; exit " + code), exited(code));
    }

    /** Nothing is done with it. */
    private static Fate alone(Kind kind, Command command, Predicate<Exit> fits) {
        return fate(kind, command, child -> {}, fits);
    }

    private static Fate fate(Kind kind, Command command, Consumer<Child> then, Predicate<Exit> fits) {
        return new Fate(kind, command, then, fits, Optional.empty());
    }

    private static Command piped(String word) {
        return Small.talkerAfterInput(word)
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe())
                .stderr(Stdio.pipe());
    }

    private static Predicate<Exit> exited(int code) {
        return exit -> exit.status().equals(new Exited(code)) && exit.ending() == Ending.BY_ITSELF;
    }

    private static Predicate<Exit> ended(Signal signal, Ending began) {
        return exit -> exit.status().equals(new Signaled(signal, false)) && exit.ending() == began;
    }

    private int code() {
        return random.nextInt(256);
    }

    private String word() {
        return Integer.toString(random.nextInt(1_000_000));
    }

    private Duration aWhile() {
        return Duration.ofNanos(random.nextInt(4_000_000));
    }

    private void compare(String word, String heard, boolean complete) {
        if (!heard.equals(word + "\n") || !complete) {
            wrong.accept("of " + word + " was heard " + heard + (complete ? "" : ", cut off"));
        }
    }

    private final class Listener implements OutputHandler {
        private final String word;
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

        Listener(String word) {
            this.word = word;
        }

        @Override
        public void data(Output output, ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                heard.write(bytes.get());
            }
        }

        @Override
        public void end(Output output, boolean complete) {
            compare(word, heard.toString(UTF_8), complete);
        }
    }
}
