package dev.brood.promise.failing;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.DeathWatch;
import dev.brood.Exit;
import dev.brood.Input;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Ownership;
import dev.brood.Pumping;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.UnknownChildHandler;
import dev.brood.loop.EventLoop;
import dev.brood.sys.Pipe;
import dev.brood.testing.CutOff;
import dev.brood.testing.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What a trial plays: each uses the library in another way, and ends by closing what it has opened. */
enum Scenario {
    /** Children that end by themselves, by a deadline, a signal, a stop, by being dropped and by closing. */
    ENDS {
        @Override
        void play(Trial trial) throws Exception {
            try (Brood brood = trial.builder().build()) {
                exits(trial, trial.start(brood, CutOff.of("true").keepSignals()));
                Command impatient =
                        Shell.sleeper().deadline(Duration.ofMillis(2)).grace(Duration.ofMillis(2));
                exits(trial, trial.start(brood, impatient));
                Optional<Child> stopped = trial.start(brood, Shell.sleeper());
                stopped.ifPresent(child -> child.stop(Duration.ofMillis(5)));
                exits(trial, stopped);
                Optional<Child> signalled = trial.start(brood, Shell.sleeper());
                exits(trial, signalled.filter(child -> child.signal(Signal.KILL)));
                trial.start(brood, Shell.sleeper());
                trial.awaitAll();
            }
        }
    },
    /** Pipes, one of them read with pauses, one never, and files. */
    STREAMS {
        @Override
        void play(Trial trial) throws Exception {
            try (Brood brood = trial.builder().build()) {
                Command twice = CutOff.sh("echo one; echo two", Stdio.pipe(), Stdio.devNull());
                trial.start(brood, twice).ifPresent(child -> {
                    child.output(1).ifPresent(output -> output.read(new Halting(brood.loop(), 2)));
                    if (!trial.isBrokenForGood()) {
                        trial.expect(child.closed());
                    }
                });
                exits(trial, trial.start(brood, CutOff.sh("echo unread", Stdio.pipe(), Stdio.pipe())));
                trial.awaitAll();
            }
        }
    },
    /** Input that is given, written and left alone; a terminal; a publisher; a pump. Where writes fail, who waits for them is killed at last. */
    TRAFFIC {
        @Override
        void play(Trial trial) throws Exception {
            try (Brood brood = trial.builder().build()) {
                Command cat = CutOff.outputs(Shell.script("exec cat"));
                trial.start(brood, cat.stdin(Stdio.content(new byte[100_000])));
                trial.start(brood, cat.stdin(Stdio.pipe())).ifPresent(child -> feed(child.stdin()));
                trial.start(brood, cat.stdin(Stdio.pipe()));
                trial.start(brood, Shell.script("echo text").terminal(24, 80))
                        .ifPresent(child -> child.stdout().read((output, bytes) -> {}));
                Command seq = CutOff.sh("exec seq 10", Stdio.pipe(), Stdio.devNull());
                trial.start(brood, seq).ifPresent(Scenario::pump);
                exits(trial, trial.start(brood, CutOff.of("true")));
                trial.awaitAll();
            }
        }
    },
    /** Output that is collected. */
    COLLECTING {
        @Override
        void play(Trial trial) throws Exception {
            try (Brood brood = trial.builder().build()) {
                Collected _ = brood.run(Command.of("/bin/sh", "-c", "echo out; echo err >&2"));
            } catch (SpawnException failed) {
                return; // the first answer is good enough
            }
        }
    },
    /** Deaths heard of by SIGCHLD. */
    SIGCHLD {
        @Override
        void play(Trial trial) throws Exception {
            try (Brood brood = trial.builder().deathWatch(DeathWatch.SIGCHLD).build()) {
                Optional<Child> quick = trial.start(brood, CutOff.of("true"));
                trial.start(brood, Shell.sleeper());
                if (quick.isPresent()) {
                    Trial.awaitSoon(quick.get()); // where a look failed, the next comes with the next death
                }
            }
        }
    },
    /** A context that reaps orphans too. */
    EVERYTHING {
        @Override
        void play(Trial trial) throws Exception {
            CompletableFuture<Long> orphan = new CompletableFuture<>();
            Ownership everything = Ownership.everything((pid, status) -> {
                orphan.complete(pid);
                return UnknownChildHandler.Answer.MINE;
            });
            try (Brood brood =
                    trial.builder().ownership(everything).grace(Duration.ZERO).build()) {
                brood.becomeSubreaper();
                Optional<Child> parent = trial.start(brood, CutOff.sh("true & exit 0"));
                exits(trial, parent);
                if (parent.isPresent() && !trial.isBrokenForGood()) {
                    trial.expect(orphan);
                }
                trial.awaitAll();
            }
        }
    },
    /** A process that is watched as if it were somebody else's child. */
    WATCHING {
        @Override
        void play(Trial trial) throws Exception {
            try (Brood brood = trial.builder().build()) {
                Optional<Child> child = trial.start(brood, Shell.sleeper());
                if (child.isPresent()) {
                    CompletableFuture<Boolean> gone = new CompletableFuture<>();
                    watch(trial, brood, child.get(), gone);
                    boolean _ = child.get().signal(Signal.KILL);
                }
                trial.awaitAll();
            }
        }

        private void watch(Trial trial, Brood brood, Child child, CompletableFuture<Boolean> gone) {
            try {
                brood.watch(child.pid(), () -> gone.complete(true));
                if (!trial.isBrokenForGood() && !trial.isRobbery()) { // who is taken for reaped is not killed any more
                    trial.expect(gone);
                }
            } catch (UncheckedIOException refused) {
                return; // nothing is promised then
            }
        }
    },
    /** A loop that the caller runs. */
    DRIVEN {
        @Override
        void play(Trial trial) throws Exception {
            try (EventLoop loop = EventLoop.create();
                    Brood brood = trial.builder().loop(loop).build()) {
                Optional<Child> child = trial.start(brood, CutOff.of("true"));
                trial.start(brood, Shell.sleeper());
                if (child.isPresent()) {
                    Exit _ = child.get().await();
                }
            }
        }
    };

    abstract void play(Trial trial) throws Exception;

    private static void exits(Trial trial, Optional<Child> child) {
        child.ifPresent(started -> trial.expect(started.exit()));
    }

    private static void feed(Input input) {
        try {
            int _ = input.write(ByteBuffer.allocate(100_000));
        } catch (IOException refused) {
            return; // and the input has ended
        }
        input.close();
    }

    private static void pump(Child child) {
        try (Pipe pipe = Pipe.open()) {
            CompletableFuture<Pumping.End> _ =
                    child.stdout().pump(pipe.writeEnd().number(), Pumping.all());
        } catch (IOException refused) {
            child.stdout().close();
        }
    }

    /** Reads, and pauses after each of the first few portions. */
    private static final class Halting implements OutputHandler {
        private final EventLoop loop;
        private int pauses;

        Halting(EventLoop loop, int pauses) {
            this.loop = loop;
            this.pauses = pauses;
        }

        @Override
        public void data(Output output, ByteBuffer bytes) {
            if (pauses-- > 0) {
                output.pause();
                loop.schedule(Duration.ofMillis(1), output::resume);
            }
        }

        @Override
        public void end(Output output, boolean complete) {}
    }
}
