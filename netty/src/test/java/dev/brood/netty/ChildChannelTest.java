package dev.brood.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Exited;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Log;
import dev.brood.testing.Shell;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.netty.util.LeakPresenceDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.CharBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pipeline on what a child reads and writes. Buffers that nobody released are the test's failure. */
@Contract("L07")
@Timeout(60)
class ChildChannelTest {
    private static final int MEBIBYTE = 1024 * 1024;

    @AfterEach
    void everyBufferWasReleased() {
        LeakPresenceDetector.check(); // which counts them: see the pom
    }

    /** Keeps what arrives. */
    private static final class Keeper extends ChannelInboundHandlerAdapter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<Object> events = Collections.synchronizedList(new ArrayList<>());
        private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
            ByteBuf some = (ByteBuf) message;
            threads.add(Thread.currentThread());
            synchronized (bytes) {
                some.readBytes(bytes, some.readableBytes());
            }
            some.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            events.add(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            failures.add(failure);
        }

        byte[] bytes() {
            synchronized (bytes) {
                return bytes.toByteArray();
            }
        }

        String text() {
            return new String(bytes(), US_ASCII);
        }
    }

    @ParameterizedTest
    @EnumSource
    void pipelineTalksToAChildInLines(Transport transport) throws Exception {
        try (NettyHost host = transport.open();
                Brood brood = on(host)) {
            BlockingQueue<String> lines = new LinkedBlockingQueue<>();
            Child child = brood.spawn(piped("tr", "a-z", "A-Z"));
            DuplexChannel channel = BroodNetty.channel(child);
            channel.pipeline()
                    .addLast(new LineBasedFrameDecoder(1000), new StringDecoder(US_ASCII), new StringEncoder(US_ASCII))
                    .addLast(new SimpleChannelInboundHandler<String>() {
                        @Override
                        protected void channelRead0(ChannelHandlerContext context, String line) {
                            lines.add(line);
                        }
                    });
            host.register(channel).sync();

            ChannelFuture _ = channel.write("one\ntw");
            channel.writeAndFlush("o\n").sync();
            channel.shutdownOutput().sync(); // tr keeps what it has until the end

            assertThat(lines.take()).isEqualTo("ONE");
            assertThat(lines.take()).isEqualTo("TWO");
            channel.closeFuture().sync();
            assertThat(child.await().status()).isEqualTo(new Exited(0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void catAnswersEachLineBeforeTheNext(Transport transport) throws Exception {
        try (NettyHost host = transport.open();
                Brood brood = on(host)) {
            int many = 1_000;
            CompletableFuture<Integer> last = new CompletableFuture<>();
            Child child = brood.spawn(piped("cat"));
            DuplexChannel channel = BroodNetty.channel(child);
            channel.pipeline()
                    .addLast(new LineBasedFrameDecoder(1000), new StringDecoder(US_ASCII), new StringEncoder(US_ASCII))
                    .addLast(new SimpleChannelInboundHandler<String>() {
                        @Override
                        public void channelActive(ChannelHandlerContext context) {
                            ChannelFuture _ = context.writeAndFlush("1\n");
                        }

                        @Override
                        protected void channelRead0(ChannelHandlerContext context, String line) {
                            int number = Integer.parseInt(line);
                            if (number == many) {
                                last.complete(number);
                                ChannelFuture _ = context.close();
                            } else {
                                ChannelFuture _ = context.writeAndFlush(number + 1 + "\n");
                            }
                        }
                    });

            ChannelFuture _ = host.register(channel);

            assertThat(last.get()).isEqualTo(many);
            assertThat(child.await().status()).isEqualTo(new Exited(0)); // for its input has ended
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyByteGoesThereAndBack(Transport transport) throws Exception {
        try (NettyHost host = transport.open();
                Brood brood = on(host)) {
            byte[] bytes = randomBytes(4 * MEBIBYTE);
            Keeper keeper = new Keeper();
            DuplexChannel channel = register(host, brood.spawn(piped("cat")), keeper);

            List<ChannelFuture> writes = new ArrayList<>();
            for (int at = 0; at < bytes.length; at += 100_000) {
                int end = Math.min(bytes.length, at + 100_000);
                writes.add(channel.writeAndFlush(Unpooled.wrappedBuffer(
                        Unpooled.wrappedBuffer(bytes, at, (end - at) / 2),
                        Unpooled.EMPTY_BUFFER,
                        Unpooled.copiedBuffer(bytes, at + (end - at) / 2, end - at - (end - at) / 2))));
            }
            for (ChannelFuture write : writes) {
                write.sync();
            }
            ChannelFuture _ = channel.shutdownOutput();

            channel.closeFuture().sync();
            assertThat(keeper.bytes()).isEqualTo(bytes);
            assertThat(keeper.threads).containsOnly(host.thread());
            assertThat(keeper.failures).isEmpty();
        }
    }

    @Test
    void channelOfAChildThatDoesNotReadIsNotWritableUntilItDoes() throws Exception {
        try (NettyHost host = Transport.EPOLL.open();
                Brood brood = on(host)) {
            byte[] bytes = randomBytes(MEBIBYTE);
            Keeper keeper = new Keeper();
            BlockingQueue<Boolean> writability = new LinkedBlockingQueue<>();
            Child child = brood.spawn(pipes(Shell.script("kill -STOP $$; exec cat")));
            DuplexChannel channel = BroodNetty.channel(child);
            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelWritabilityChanged(ChannelHandlerContext context) {
                    writability.add(context.channel().isWritable());
                }
            });
            channel.pipeline().addLast(keeper);
            host.register(channel).sync();
            Eventually.state(child.pid(), "T");

            ChannelFuture small = channel.writeAndFlush(Unpooled.wrappedBuffer(bytes, 0, 1_000));
            small.sync();
            ChannelFuture large = channel.writeAndFlush(Unpooled.wrappedBuffer(bytes, 1_000, bytes.length - 1_000));

            assertThat(writability.take()).isFalse();
            assertThat(large.isDone()).isFalse();
            child.signal(Signal.CONT);
            large.sync();
            Eventually.holds("writable", () -> writability.contains(true));
            ChannelFuture _ = channel.shutdownOutput();
            channel.closeFuture().sync();
            assertThat(keeper.bytes()).isEqualTo(bytes);
        }
    }

    @Test
    void childOfAChannelThatDoesNotReadIsHeldBackAndNothingIsLost() throws Exception {
        try (NettyHost host = Transport.EPOLL.open();
                Brood brood = on(host)) {
            Keeper keeper = new Keeper();
            Child child = brood.spawn(pipes(Command.of("head", "-c", "1000000", "/dev/zero")));
            DuplexChannel channel = BroodNetty.channel(child);
            channel.config().setAutoRead(false);
            channel.pipeline().addLast(keeper);
            host.register(channel).sync();

            Eventually.state(child.pid(), "S"); // in its write
            assertThat(child.isActive()).isTrue();
            assertThat(keeper.bytes()).isEmpty();
            channel.read();
            Eventually.holds("something", () -> keeper.bytes().length > 0);
            int one = keeper.bytes().length;
            host.execute(() -> {});
            host.thread();
            assertThat(keeper.bytes()).hasSize(one);
            channel.config().setAutoRead(true);

            channel.closeFuture().sync();
            assertThat(keeper.bytes()).hasSize(1_000_000);
            assertThat(child.await().status()).isEqualTo(new Exited(0));
        }
    }

    @Test
    void sortAnswersAfterItsInputHasEnded() throws Exception {
        try (NettyHost host = Transport.EPOLL.open();
                Brood brood = on(host)) {
            Keeper keeper = new Keeper();
            DuplexChannel channel = register(host, brood.spawn(piped("sort")), keeper);

            channel.writeAndFlush(ascii("c\na\nb\n")).sync();
            assertThat(channel.isOutputShutdown()).isFalse();
            channel.shutdownOutput().sync();

            assertThat(channel.isOutputShutdown()).isTrue();
            channel.closeFuture().sync();
            assertThat(keeper.text()).isEqualTo("a\nb\nc\n");
            assertThat(channel.writeAndFlush(ascii("d\n")).await().isSuccess()).isFalse();
        }
    }

    @Test
    void endOfTheOutputIsAnEventWhereHalfIsAllowed() throws Exception {
        try (NettyHost host = Transport.EPOLL.open();
                Brood brood = on(host)) {
            Keeper keeper = new Keeper();
            Child child = brood.spawn(pipes(Shell.script("echo first; exec >/dev/null; read line; exit 5")));
            DuplexChannel channel = BroodNetty.channel(child);
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            channel.pipeline().addLast(keeper);
            host.register(channel).sync();

            Eventually.holds("end", () -> keeper.events.contains(ChannelInputShutdownEvent.INSTANCE));
            assertThat(keeper.text()).isEqualTo("first\n");
            assertThat(channel.isInputShutdown()).isTrue();
            assertThat(channel.isOpen()).isTrue();
            channel.writeAndFlush(ascii("go\n")).sync();

            assertThat(child.await().status()).isEqualTo(new Exited(5));
            channel.closeFuture().sync(); // both directions are over
            assertThat(channel.isShutdown()).isTrue();
        }
    }

    /** Where half is not allowed, the end of the output may come first, and close the channel. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void deathOfTheChildFailsWhatIsStillToBeWrittenAndCloses(boolean half) throws Exception {
        try (NettyHost host = Transport.EPOLL.open();
                Brood brood = on(host)) {
            Child child = brood.spawn(pipes(Command.of("sleep", "1000")));
            DuplexChannel channel = BroodNetty.channel(child);
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, half);
            host.register(channel).sync();
            ChannelFuture pending = channel.writeAndFlush(zeros(2 * MEBIBYTE));

            child.signal(Signal.KILL);

            assertThat(pending.await().cause())
                    .isInstanceOf(IOException.class)
                    .hasStackTraceContaining(half ? "EPIPE" : "");
            channel.closeFuture().sync();
            assertThat(child.await().status()).isInstanceOf(Signaled.class);
        }
    }

    @Test
    void whatAChildHasWrittenArrivesAlsoWhereItDoesNotReadEverything() throws Exception {
        try (NettyHost host = Transport.EPOLL.open();
                Brood brood = on(host)) {
            Keeper keeper = new Keeper();
            Child child = brood.spawn(pipes(Shell.script("head -c 3; echo; exec head -c 100000 /dev/zero")));
            DuplexChannel channel = register(host, child, keeper);

            ChannelFuture write = channel.writeAndFlush(Unpooled.wrappedBuffer(ascii("abc"), zeros(4 * MEBIBYTE)));

            assertThat(write.await().isSuccess()).isFalse();
            channel.closeFuture().sync();
            assertThat(keeper.text()).startsWith("abc\n").hasSize(4 + 100_000);
            assertThat(keeper.failures).isEmpty();
        }
    }

    @Test
    void failingWriteClosesAtOnceWhereThatIsAskedFor() throws Exception {
        try (NettyHost host = Transport.EPOLL.open();
                Brood brood = on(host)) {
            Child child = brood.spawn(pipes(Shell.script("read line; exec <&-; exec sleep 1000")));
            DuplexChannel channel = BroodNetty.channel(child);
            channel.config().setAutoClose(true);
            Keeper keeper = new Keeper();
            channel.pipeline().addLast(keeper);
            host.register(channel).sync();
            ChannelFuture write = channel.writeAndFlush(Unpooled.wrappedBuffer(ascii("go\n"), zeros(MEBIBYTE)));

            assertThat(write.await().isSuccess()).isFalse();
            channel.closeFuture().sync();
            assertThat(child.isActive()).isTrue();
        }
    }

    @Test
    void closingClosesBothPipesAndLeavesTheChildAlone() throws Exception {
        try (NettyHost host = Transport.EPOLL.open();
                Brood brood = on(host)) {
            Keeper keeper = new Keeper();
            Child child = brood.spawn(
                    pipes(Shell.script("trap '' PIPE; while echo more 2>/dev/null; do :; done; read line || exit 7")));
            DuplexChannel channel = register(host, child, keeper);
            Eventually.holds("up", () -> keeper.text().startsWith("more\n"));

            channel.close().sync();

            assertThat(child.await().status()).isEqualTo(new Exited(7)); // EPIPE for what it wrote, and the end
            assertThat(channel.isOpen()).isFalse();
            assertThat(channel.isActive()).isFalse();
        }
    }

    @Test
    void shutdownOfTheInputIsSeenByTheChild() throws Exception {
        try (NettyHost host = Transport.EPOLL.open();
                Brood brood = on(host)) {
            Child child = brood.spawn(pipes(Command.of("yes")));
            DuplexChannel channel = BroodNetty.channel(child);
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            channel.pipeline().addLast(new Keeper());
            host.register(channel).sync();

            channel.shutdownInput().sync();

            assertThat(child.await().status()).isEqualTo(new Signaled(Signal.PIPE, false));
            channel.closeFuture().sync();
        }
    }

    @Test
    void closingTheContextClosesTheChannelAndSaysWhatIsMissing() throws Exception {
        try (NettyHost host = Transport.EPOLL.open()) {
            Keeper keeper = new Keeper();
            Channel channel;
            try (Brood brood = on(host)) {
                channel = register(host, brood.spawn(pipes(Command.of("sleep", "1000"))), keeper);
                assertThat(channel.isActive()).isTrue();
            }
            channel.closeFuture().sync();
        }
    }

    @ParameterizedTest
    @EnumSource
    void endOfTheNettyLoopClosesTheChannelAndReleasesWhatIsPending(Transport transport) throws Exception {
        Channel channel;
        ChannelFuture pending;
        try (NettyHost host = transport.open();
                Brood brood = on(host)) {
            Child child = brood.spawn(pipes(Command.of("sleep", "1000")));
            channel = register(host, child, new Keeper());
            pending = channel.writeAndFlush(zeros(2 * MEBIBYTE));
            child.signal(Signal.KILL);
            child.await();

            host.end();
        }
        assertThat(pending.await().isSuccess()).isFalse();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void childOfAnotherLoopChangesThreadsAndLosesNothing() throws Exception {
        try (NettyHost host = Transport.EPOLL.open();
                Brood brood = Brood.open()) {
            byte[] bytes = randomBytes(4 * MEBIBYTE);
            Keeper keeper = new Keeper();
            DuplexChannel channel = register(host, brood.spawn(piped("cat")), keeper);

            channel.writeAndFlush(Unpooled.wrappedBuffer(bytes)).sync();
            ChannelFuture _ = channel.shutdownOutput();

            channel.closeFuture().sync();
            assertThat(keeper.bytes()).isEqualTo(bytes);
            assertThat(keeper.threads).containsOnly(host.thread());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Contract("I14")
    void bytesForWhichThereIsNoBufferEndTheOutputAndAreSaidToBeMissing(boolean sameLoop) throws Exception {
        try (Log _ = Log.open();
                NettyHost host = Transport.EPOLL.open();
                Brood brood = sameLoop ? on(host) : Brood.open()) {
            Child child = brood.spawn(piped("cat"));
            Keeper keeper = new Keeper();
            DuplexChannel channel = register(host, child, keeper);
            channel.writeAndFlush(ascii("before")).sync();
            Eventually.holds("it has arrived", () -> keeper.bytes().length == 6);

            channel.config().setAllocator(withoutMemory());
            channel.writeAndFlush(ascii("lost")).sync();

            channel.closeFuture().sync();
            child.closed().join();
            assertThat(keeper.bytes()).isEqualTo("before".getBytes(US_ASCII));
            assertThat(keeper.failures).singleElement().isInstanceOf(IOException.class);
        }
    }

    @Test
    void manyChannelsOnOneLoop() throws Exception {
        try (NettyHost host = Transport.EPOLL.open();
                Brood brood = on(host)) {
            List<Keeper> keepers = new ArrayList<>();
            List<DuplexChannel> channels = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Keeper keeper = new Keeper();
                keepers.add(keeper);
                channels.add(register(host, brood.spawn(piped("cat")), keeper));
            }

            for (int i = 0; i < 100; i++) {
                DuplexChannel channel = channels.get(i);
                ChannelFuture _ = channel.writeAndFlush(ascii("number " + i)).addListener(_ -> {
                    ChannelFuture _ = channel.shutdownOutput();
                });
            }

            for (int i = 0; i < 100; i++) {
                channels.get(i).closeFuture().sync();
                assertThat(keepers.get(i).text()).isEqualTo("number " + i);
            }
        }
    }

    @Test
    void childWithoutPipesIsRefused() throws Exception {
        try (Brood brood = Brood.open()) {
            Child child = brood.spawn(Shell.quiet(Command.of("true")));

            assertThatIllegalStateException().isThrownBy(() -> BroodNetty.channel(child));
            child.await();
        }
    }

    @Test
    void onlyBytesAreWritten() throws Exception {
        try (NettyHost host = Transport.EPOLL.open();
                Brood brood = on(host)) {
            DuplexChannel channel = register(host, brood.spawn(piped("cat")), new Keeper());

            assertThat(channel.writeAndFlush("text").await().cause())
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("String");
            assertThat(channel.connect(new InetSocketAddress(1)).await().isSuccess())
                    .isFalse();
            channel.close().sync();
        }
    }

    private static Brood on(NettyHost host) {
        return Brood.builder()
                .loop(host.loop())
                .closing(Closing.stop(Duration.ZERO))
                .build();
    }

    private static DuplexChannel register(NettyHost host, Child child, Keeper keeper) throws Exception {
        DuplexChannel channel = BroodNetty.channel(child);
        channel.pipeline().addLast(keeper);
        host.register(channel).sync();
        return channel;
    }

    private static Command piped(String program, String... arguments) {
        return pipes(Command.of(program, arguments));
    }

    private static Command pipes(Command command) {
        return command.stdin(Stdio.pipe()).stdout(Stdio.pipe()).stderr(Stdio.devNull());
    }

    private static ByteBuf ascii(String text) {
        return ByteBufUtil.encodeString(ByteBufAllocator.DEFAULT, CharBuffer.wrap(text), US_ASCII);
    }

    /** One that has no buffers for what a child writes. */
    private static ByteBufAllocator withoutMemory() {
        return (ByteBufAllocator) Proxy.newProxyInstance(
                ByteBufAllocator.class.getClassLoader(),
                new Class<?>[] {ByteBufAllocator.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("ioBuffer")) {
                        throw new OutOfMemoryError("thrown by the test");
                    }
                    return method.invoke(ByteBufAllocator.DEFAULT, arguments);
                });
    }

    private static ByteBuf zeros(int count) {
        return ByteBufAllocator.DEFAULT.buffer(count).writeZero(count);
    }

    private static byte[] randomBytes(int count) {
        long seed = System.nanoTime();
        System.out.println("ChildChannelTest seed " + seed);
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
