package dev.brood.examples;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.loop.WakeUp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;

/** A server that answers each connection with what a child has written. One thread, a plain Selector's, has the sockets and the children. */
public final class SelectorServer implements AutoCloseable {
    private final Command command;
    private final Thread thread = Thread.currentThread();
    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final EventLoop loop = EventLoop.embedded(() -> Thread.currentThread() == thread);
    private final Brood brood = Brood.builder().loop(loop).build();
    private int answered;

    SelectorServer(int port, Command command) throws IOException {
        this.command = command.stdin(Stdio.devNull()).stdout(Stdio.collect(1 << 24));
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT, (Runnable) this::accept);
        WakeUp.of(loop, selector::wakeup); // ends with the loop
    }

    /**
     * Tells everybody the date.
     *
     * @param arguments the port
     */
    public static void main(String[] arguments) throws IOException {
        int port = arguments.length == 0 ? 7013 : Integer.parseInt(arguments[0]);
        try (SelectorServer server = new SelectorServer(port, Command.of("date"))) {
            System.out.println("try: nc localhost " + port);
            server.serve(Integer.MAX_VALUE);
        }
    }

    SocketAddress address() throws IOException {
        return server.getLocalAddress();
    }

    void serve(int connections) throws IOException {
        while (answered < connections) {
            selector.select(key -> ((Runnable) key.attachment()).run());
            while (loop.dispatch() > 0) {
                selector.selectNow(key -> ((Runnable) key.attachment()).run()); // sockets have their turn in between
            }
        }
    }

    @Override
    public void close() throws IOException {
        brood.close();
        loop.close();
        server.close();
        selector.close();
    }

    private void accept() {
        try {
            SocketChannel client = server.accept();
            client.configureBlocking(false);
            SelectionKey key = client.register(selector, 0);
            CompletableFuture<Void> _ = brood.spawn(command).collected().thenAccept(child -> {
                ByteBuffer answer = ByteBuffer.wrap(child.stdout());
                key.interestOps(SelectionKey.OP_WRITE).attach((Runnable) () -> write(client, answer));
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** As much as the client takes now. */
    private void write(SocketChannel client, ByteBuffer answer) {
        try {
            client.write(answer);
        } catch (IOException gone) {
            answer.position(answer.limit()); // nobody takes the rest
        }
        if (!answer.hasRemaining()) {
            answered++;
            hangUp(client);
        }
    }

    private static void hangUp(SocketChannel client) {
        try {
            client.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
