package dev.brood.bench.netty;

import dev.brood.Brood;
import dev.brood.loop.EventLoop;
import dev.brood.netty.BroodNetty;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Measures on a Netty loop with the epoll transport, each thing in turn with what it is compared to, and prints medians and ratios.
 *
 * <pre>
 *   java --enable-native-access=ALL-UNNAMED -cp 'bench/target/lib/*:core/target/classes:netty/target/classes:bench/target/classes' \
 *       dev.brood.bench.netty.OnNetty ROUNDS death DEATHS
 *   the same                          ROUNDS echo ECHOES LIVE RATE
 * </pre>
 *
 * <p>{@code death}: from the KILL to the callback, on a loop of our own and on Netty's. {@code echo}: how long an echo server on the
 * Netty loop takes, with LIVE children on that loop; while none comes or goes, while RATE a second do there, and while they do on a loop
 * of our own, which shows what the children themselves take from the machine.
 */
public final class OnNetty {
    private OnNetty() {}

    /**
     * Runs a measurement.
     *
     * @param arguments rounds; death, and how many a round; or echo, how many a round, live children, and starts a second
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = Integer.parseInt(arguments[0]);
        int most = Integer.parseInt(arguments[2]);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        IoEventLoop netty = (IoEventLoop) group.next();
        try (EventLoop loop = BroodNetty.on(netty);
                Brood onNetty = Brood.builder().loop(loop).build();
                Brood own = Brood.open()) {
            if (arguments[1].equals("death")) {
                deaths(rounds, most, own, onNetty);
            } else {
                int live = Integer.parseInt(arguments[3]);
                int rate = Integer.parseInt(arguments[4]);
                echoes(rounds, most, group, new Churn(onNetty, live, rate), new Churn(own, 0, rate));
            }
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    private static void deaths(int rounds, int most, Brood own, Brood onNetty)
            throws IOException, InterruptedException {
        Delays ours = new Delays();
        Delays theirs = new Delays();
        Deaths.measure(own, most, new Delays()); // warms up
        Deaths.measure(onNetty, most, new Delays());
        for (int round = 0; round < rounds; round++) {
            Deaths.measure(own, most, ours);
            Deaths.measure(onNetty, most, theirs);
        }
        print("death to callback, own loop", ours, 0.5, ours);
        print("death to callback, Netty", theirs, 0.5, ours);
    }

    private static void echoes(int rounds, int most, EventLoopGroup group, Churn onNetty, Churn elsewhere)
            throws IOException, InterruptedException {
        Delays quiet = new Delays();
        Delays busy = new Delays();
        Delays other = new Delays();
        try (Echo echo = Echo.serve(group);
                onNetty;
                elsewhere) {
            onNetty.fill();
            echo.measure(most, new Delays()); // warms up
            for (int round = 0; round < rounds; round++) {
                echo.measure(most, quiet);
                onNetty.during(() -> echo.measure(most, busy));
                elsewhere.during(() -> echo.measure(most, other));
            }
            System.out.println("children that came and went: " + onNetty.count() + " on Netty, " + elsewhere.count()
                    + " elsewhere");
        }
        for (double share : new double[] {0.5, 0.99}) {
            print("echo, none comes or goes", quiet, share, quiet);
            print("echo, children come and go on Netty's loop", busy, share, quiet);
            print("echo, children come and go on a loop of ours", other, share, quiet);
        }
    }

    private static void print(String what, Delays delays, double share, Delays to) {
        double figure = delays.micros(share);
        System.out.printf(
                Locale.ROOT, "%-46s p%-4.0f %9.1f us %6.2f x%n", what, 100 * share, figure, figure / to.micros(share));
    }
}
