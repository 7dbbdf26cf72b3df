package dev.brood.loop;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has an interrupt wake a thread out of epoll_wait, which does not notice it: the thread counts as one that waits in a selector, and what would wake that
 * rings the loop's bell. As a selector it is good for nothing.
 */
final class InterruptBell extends AbstractSelector {
    private static final @Nullable SelectorProvider NO_PROVIDER = null;

    private final Runnable ring;

    InterruptBell(Runnable ring) {
        super(NO_PROVIDER);
        this.ring = ring;
    }

    /** Waits in {@code turn}. Where the thread is interrupted already, the bell rings at once. */
    int during(IntTurn turn) {
        begin();
        try {
            return turn.take();
        } finally {
            end();
        }
    }

    /** What may wait. */
    @FunctionalInterface
    interface IntTurn {
        int take();
    }

    @Override
    public Selector wakeup() {
        ring.run();
        return this;
    }

    @Override
    protected void implCloseSelector() {}

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        throw new UnsupportedOperationException(SelectableChannel.class.getSimpleName());
    }

    @Override
    public Set<SelectionKey> keys() {
        return Set.of();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        return Set.of();
    }

    @Override
    public int selectNow() {
        return 0;
    }

    @Override
    public int select(long timeout) {
        return 0;
    }

    @Override
    public int select() {
        return 0;
    }
}
