package dev.brood;

import dev.brood.loop.Registration;
import dev.brood.stdio.LineDecoder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A child that says when it is up: see {@link Brood#service}.
 *
 * <pre>
 *   STARTING --- it says so ------------> READY
 *            --- it ends -------------> ENDED
 *            --- the time is up ------> TOO LATE, and its ladder begins
 * </pre>
 *
 * <p>There is one answer. What comes after it, such as the end of a ready one, is told by the child's own futures.
 */
public final class Service {
    /** What came of the start. */
    public sealed interface Answer {
        /** It is up. */
        record Ready() implements Answer {}

        /**
         * It ended before it was up.
         *
         * @param exit how
         */
        record Ended(Exit exit) implements Answer {}

        /** It was not up in time, and is being ended. */
        record TooLate() implements Answer {}
    }

    private final Context context;
    private final Life life;
    private final Child child;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private volatile @Nullable Registration question; // the next one

    private Service(Context context, Starting.Started started) {
        this.context = context;
        this.life = started.life();
        this.child = started.handle();
    }

    static Service start(Context context, Command command, ReadyWhen when, Duration limit) throws SpawnException {
        Command heard = switch (when.kind()) {
            case ReadyWhen.Kind.Line _ -> command.stdout(Stdio.pipe());
            case ReadyWhen.Kind.Sign(int number) -> command.fd(number, Stdio.pipe());
            case ReadyWhen.Kind.Test _ -> command;
        };
        Service service = new Service(context, context.start(heard, null));
        service.begin(command, when, limit);
        return service;
    }

    /** {@return the child} */
    public Child child() {
        return child;
    }

    /** {@return what completes with the one answer} A new copy each call. */
    public CompletableFuture<Answer> up() {
        return answer.copy();
    }

    /**
     * Waits for the answer, as {@link Child#await} does for an end.
     *
     * @throws InterruptedException the thread was interrupted; the service goes on to start
     * @throws IllegalStateException this is a callback of the loop that would bring it
     */
    public Answer awaitUp() throws InterruptedException {
        return context.await(answer);
    }

    /**
     * Lets go of a ready one: closing the context neither ends nor awaits it from now on. Until then it is looked after as before; when the
     * context closes first, it ends as {@code Lost(ABANDONED)} for its holder and runs on. What it writes to a pipe of the JVM's then gets SIGPIPE:
     * let such a service write to a file.
     *
     * @throws IllegalStateException it is not ready
     */
    public void letGo() {
        if (!(answer.getNow(new Answer.TooLate()) instanceof Answer.Ready)) {
            throw new IllegalStateException(life.title() + " is not up");
        }
        life.letGo();
    }

    private void begin(Command command, ReadyWhen when, Duration limit) {
        life.audience().show();
        Registration timer = context.later(limit, () -> timeIsUp(command.ladder()));
        CompletableFuture<Void> _ = answer.thenRun(timer::cancel);
        CompletableFuture<Void> _ = life.exit().thenAccept(exit -> tell(new Answer.Ended(exit)));
        switch (when.kind()) {
            case ReadyWhen.Kind.Line line -> child.stdout().read(new Lines(line, when.passedOn()));
            case ReadyWhen.Kind.Sign(int number) ->
                child.output(number).orElseThrow().read(this::anything);
            case ReadyWhen.Kind.Test test -> {
                CompletableFuture<Void> _ = answer.thenRun(this::askNoMore);
                context.soon(() -> ask(test)); // not in this call
            }
        }
    }

    private void anything(Output output, ByteBuffer bytes) {
        if (bytes.hasRemaining()) {
            tell(new Answer.Ready());
        }
    }

    private void ask(ReadyWhen.Kind.Test test) {
        if (answer.isDone()) {
            return;
        }
        try {
            context.callbacks().execute(() -> {
                boolean returned = context.call(life::title, () -> {
                    if (test.passed().getAsBoolean()) {
                        tell(new Answer.Ready());
                    }
                });
                askAgain(test, returned);
            });
        } catch (Throwable refused) { // by the executor; the limit bounds how long this goes on
            context.callbackFailed(life.title(), refused);
            askAgain(test, false);
        }
    }

    private void askAgain(ReadyWhen.Kind.Test test, boolean returned) {
        if (!answer.isDone()) {
            Duration pause =
                    returned ? test.rhythm() : test.rhythm().plusMillis(1); // one that fails at once must not spin
            question = context.later(pause, () -> ask(test));
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
            context.wakeWaiters();
        }
        return first;
    }

    /** Looks at each line until it is up, and passes everything on. */
    private final class Lines implements OutputHandler {
        private final ReadyWhen.Kind.Line line;
        private final OutputHandler passedOn;
        private final LineDecoder decoder;

        Lines(ReadyWhen.Kind.Line line, OutputHandler passedOn) {
            this.line = line;
            this.passedOn = passedOn;
            this.decoder = new LineDecoder(line.charset());
        }

        @Override
        public void data(Output output, ByteBuffer bytes) {
            if (!answer.isDone()) {
                decoder.data(bytes.duplicate(), this::look);
            }
            passedOn.data(output, bytes);
        }

        @Override
        public void end(Output output, boolean complete) {
            if (!answer.isDone()) {
                decoder.end(this::look);
            }
            passedOn.end(output, complete);
        }

        private void look(String text) {
            boolean _ = context.call(
                    life::title,
                    () -> { // one that throws harms neither the decoder nor what is passed on
                        if (!answer.isDone() && line.wanted().test(text)) {
                            tell(new Answer.Ready());
                        }
                    });
        }
    }
}
