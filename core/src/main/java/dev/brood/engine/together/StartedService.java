package dev.brood.engine.together;

import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Disaster;
import dev.brood.Ending;
import dev.brood.Ladder;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.ReadyWhen;
import dev.brood.Service;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.engine.life.Life;
import dev.brood.engine.life.Started;
import dev.brood.loop.Registration;
import dev.brood.stdio.LineDecoder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A child whose word that it is up is waited for. */
public final class StartedService implements Service {
    private final Life life;
    private final Child child;
    private final CompletableFuture<Answer> answer;
    private volatile @Nullable Registration question; // the next one

    private StartedService(Started started) {
        this.life = started.life();
        this.child = started.handle();
        this.answer = life.turns().future();
    }

    public static StartedService start(Starter starter, Command command, ReadyWhen when, Duration limit)
            throws SpawnException {
        Command heard = switch (when) {
            case ReadyWhen.Line line -> heard(command, line.number());
            case ReadyWhen.Text text -> heard(command, text.number());
            case ReadyWhen.Sign(int number) -> heard(command, number);
            case ReadyWhen.Test _ -> command;
        };
        StartedService service = new StartedService(starter.start(heard));
        service.begin(command.parts().ladder(), when, limit);
        return service;
    }

    private static Command heard(Command command, int number) {
        return Unsaid.require(command, number, "where the service says that it is up")
                .fd(number, Stdio.pipe());
    }

    @Override
    public Child child() {
        return child;
    }

    @Override
    public CompletableFuture<Answer> up() {
        return answer.copy();
    }

    @Override
    public Answer awaitUp() throws InterruptedException {
        return life.turns().await(answer);
    }

    @Override
    public void letGo() {
        if (!(answer.getNow(new Answer.TooLate()) instanceof Answer.Ready)) {
            throw new IllegalStateException(life.title() + " is not up");
        }
        life.letGo();
    }

    private void begin(Ladder ladder, ReadyWhen when, Duration limit) {
        life.audience().show();
        Registration timer = life.turns().later(limit, () -> timeIsUp(ladder));
        CompletableFuture<Void> _ = answer.thenRun(timer::cancel);
        CompletableFuture<Void> _ = life.audience().exit().thenAccept(exit -> tell(new Answer.Ended(exit)));
        switch (when) {
            case ReadyWhen.Line line ->
                child.output(line.number()).orElseThrow().read(new Lines(line));
            case ReadyWhen.Text text ->
                child.output(text.number()).orElseThrow().read(new Prompt(text, this::ready));
            case ReadyWhen.Sign(int number) ->
                child.output(number).orElseThrow().read(this::anything);
            case ReadyWhen.Test test -> {
                CompletableFuture<Void> _ = answer.thenRun(this::askNoMore);
                life.turns().soon(() -> ask(test)); // not in this call
            }
        }
    }

    private void anything(Output output, ByteBuffer bytes) {
        if (bytes.hasRemaining()) {
            ready();
        }
    }

    private void ready() {
        boolean _ = tell(new Answer.Ready());
    }

    private void ask(ReadyWhen.Test test) {
        if (answer.isDone()) {
            return;
        }
        try {
            life.telling().callbacks().execute(() -> {
                boolean returned = life.telling().call(life::title, test.passed(), () -> {
                    if (test.passed().getAsBoolean()) {
                        tell(new Answer.Ready());
                    }
                });
                askAgain(test, returned);
            });
        } catch (Throwable refused) { // by the executor; the limit bounds how long this goes on
            life.telling().callbackFailed(life.title(), refused);
            askAgain(test, false);
        }
    }

    private void askAgain(ReadyWhen.Test test, boolean returned) {
        if (!answer.isDone()) {
            Duration pause =
                    returned ? test.rhythm() : test.rhythm().plusMillis(1); // one that fails at once must not spin
            question = life.turns().later(pause, () -> ask(test));
        }
        if (answer.isDone()) { // perhaps only now
            askNoMore();
        }
    }

    private void askNoMore() {
        Registration waiting = question;
        if (waiting != null) {
            waiting.cancel();
        }
    }

    /** A death that nobody has heard of yet wins. */
    private void timeIsUp(Ladder ladder) {
        if (!life.active().look() && tell(new Answer.TooLate())) {
            life.stop(Ending.DEADLINE, ladder);
        }
    }

    private boolean tell(Answer what) {
        boolean first = answer.complete(what);
        if (first) {
            life.turns().wakeWaiters();
        }
        return first;
    }

    /** Looks at each line until it is up, and passes everything on, whatever becomes of the looking. */
    private final class Lines implements OutputHandler {
        private final ReadyWhen.Line line;
        private final LineDecoder decoder;

        Lines(ReadyWhen.Line line) {
            this.line = line;
            this.decoder = new LineDecoder(line.charset());
        }

        @Override
        public void data(Output output, ByteBuffer bytes) {
            ByteBuffer same = bytes.duplicate();
            hear(() -> decoder.data(same, this::look));
            line.passedOn().data(output, bytes);
        }

        @Override
        public void end(Output output, boolean complete) {
            hear(() -> decoder.end(this::look));
            line.passedOn().end(output, complete);
        }

        private void hear(Runnable decoding) {
            if (!answer.isDone()) {
                boolean _ = life.telling().call(life::title, line.wanted(), () -> orBroken(decoding));
            }
        }

        /** What the question throws is a callback's failure, what the decoder throws is ours. */
        private void orBroken(Runnable decoding) {
            try {
                decoding.run();
            } catch (Throwable thrown) {
                if (!decoder.isBroken()) {
                    throw thrown;
                }
                String what = life.title() + " can say no more that it is up: no lines can be made of its output";
                life.telling().disaster(Disaster.Kind.STREAM, new IllegalStateException(what, thrown));
            }
        }

        private void look(String text) {
            if (!answer.isDone() && line.wanted().test(text)) {
                tell(new Answer.Ready());
            }
        }
    }
}
