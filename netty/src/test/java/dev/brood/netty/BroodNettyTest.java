package dev.brood.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.testing.Contract;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Small;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is Netty's own about a loop on a Netty loop. */
@Contract("L07")
@Timeout(60)
class BroodNettyTest {
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "IO_URING"})
    void noThreadIsAddedByAnyOfThisModule(Transport transport) throws Exception {
        try (NettyHost host = transport.open();
                Brood brood = on(host.loop())) {
            host.thread();
            Set<String> before = threads();

            for (int i = 0; i < 50; i++) {
                assertThat(brood.spawn(Small.exit(i)).exit().get().status()).isEqualTo(new Exited(i));
            }
            brood.run(Small.talker("hello").stdout(Stdio.devNull()).stderr(Stdio.devNull()));

            assertThat(threads()).isSubsetOf(before);
            assertThat(Leftovers.threads()).isZero();
        }
    }

    @Test
    void nioTakesOneThreadALoopUntilThatIsClosed() {
        try (NettyHost host = Transport.NIO.open()) {
            assertThat(threads()).filteredOn(name -> name.startsWith("brood-")).hasSize(1);
            EventLoop second = BroodNetty.on(host.netty());
            assertThat(threads()).filteredOn(name -> name.startsWith("brood-")).hasSize(2);

            second.close();

            assertThat(threads()).filteredOn(name -> name.startsWith("brood-")).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void severalLoopsLiveOnOneNettyLoop(Transport transport) throws Exception {
        try (NettyHost host = transport.open();
                EventLoop second = BroodNetty.on(host.netty());
                Brood one = on(host.loop());
                Brood two = on(second)) {
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Thread> heard = new CompletableFuture<>();
                Child first = one.spawn(Small.exit(1));
                Child other = two.spawn(Small.exit(2), (child, exit) -> heard.complete(Thread.currentThread()));

                assertThat(first.await().status()).isEqualTo(new Exited(1));
                assertThat(other.await().status()).isEqualTo(new Exited(2));
                assertThat(heard.get()).isEqualTo(host.thread());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void loopsComeAndGoWhileTheNettyLoopGoesOn(Transport transport) throws Exception {
        try (NettyHost host = transport.open()) {
            for (int i = 0; i < 200; i++) {
                EventLoop loop = BroodNetty.on(host.netty());
                CompletableFuture<Void> ran = new CompletableFuture<>();
                if (i % 2 == 0) {
                    loop.execute(() -> ran.complete(null));
                    ran.get();
                }
                switch (i % 3) {
                    case 0 -> host.execute(loop::close);
                    case 1 -> loop.execute(loop::close);
                    default -> loop.close(); // perhaps before Netty has begun to watch it
                }
                loop.closed().get();
            }
            host.thread();
        }
    }

    @ParameterizedTest
    @EnumSource
    void loopIsMadeOnTheNettyLoopsOwnThread(Transport transport) throws Exception {
        try (NettyHost host = transport.open()) {
            CompletableFuture<EventLoop> made = new CompletableFuture<>();
            host.execute(() -> made.complete(BroodNetty.on(host.netty())));

            try (EventLoop loop = made.get();
                    Brood brood = on(loop)) {
                assertThat(brood.spawn(Small.exit(3)).await().status()).isEqualTo(new Exited(3));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoAwaitsOnTheNettyThreadRunsTheLoopMeanwhile(Transport transport) throws Exception {
        try (NettyHost host = transport.open();
                Brood brood = on(host.loop())) {
            CompletableFuture<Exit> exit = new CompletableFuture<>();
            host.execute(() -> {
                try {
                    exit.complete(brood.spawn(Small.exit(8)).await());
                } catch (Exception failure) {
                    exit.completeExceptionally(failure);
                }
            });

            assertThat(exit.get().status()).isEqualTo(new Exited(8));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nettyLoopThatHasShutDownIsRefused(Transport transport) {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.factory());
        IoEventLoop netty = (IoEventLoop) group.next();
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();

        assertThatIllegalStateException().isThrownBy(() -> BroodNetty.on(netty)).withMessageContaining("shut down");
    }

    @Test
    void otherTransportIsRefused() {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
        try {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> BroodNetty.on((IoEventLoop) group.next()))
                    .withMessageContaining("epoll, io_uring and NIO");
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nettyLoopThatEndsInTheMiddleOfWorkEndsTheLoopOnIt(Transport transport) throws Exception {
        for (int round = 0; round < 30; round++) {
            NettyHost host = transport.open();
            List<Thread> busy = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                busy.add(Thread.ofPlatform().start(() -> keepBusy(host)));
            }

            host.end();

            host.loop().closed().get();
            for (Thread thread : busy) {
                thread.join();
            }
        }
    }

    /** Until it takes no more. */
    private static void keepBusy(NettyHost host) {
        try {
            while (true) {
                host.execute(Thread::onSpinWait);
                LockSupport.parkNanos(10_000); // else the queue only grows
            }
        } catch (RejectedExecutionException over) {
            return;
        }
    }

    private static Brood on(EventLoop loop) {
        return Brood.builder().loop(loop).closing(Closing.stop(Duration.ZERO)).build();
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
    }
}
