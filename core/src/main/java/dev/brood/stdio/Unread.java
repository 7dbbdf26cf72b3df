package dev.brood.stdio;

import dev.brood.loop.EventLoop;

/**
 * What stands for a reader of a child that has ended, while there is none. Once nobody can write any more, or is waited for, the descriptor goes;
 * what is in the pipe stays for who reads later. On the loop, but for {@link #letGo}: from then on it does nothing, for somebody reads.
 */
public final class Unread implements Reading {
    private final PipeEnd end;
    private final Buffers buffers;
    private final Runnable ended;
    private final HangUp hangUp;
    private boolean replaced; // guarded by this

    /** Tells {@code ended} when the descriptor has gone. */
    public Unread(EventLoop loop, PipeEnd end, Buffers buffers, Runnable ended) {
        this.end = end;
        this.buffers = buffers;
        this.ended = ended;
        this.hangUp = new HangUp(loop, end, this::hungUp);
    }

    @Override
    public synchronized void linger() {
        if (!replaced) {
            hangUp.begin();
        }
    }

    @Override
    public void cutOff() {
        if (absorbed()) {
            ended.run();
        }
    }

    @Override
    public void close() {
        hangUp.cancel();
        end.close();
        ended.run();
    }

    @Override
    public synchronized void letGo() {
        replaced = true;
        hangUp.cancel();
    }

    private void hungUp() {
        if (absorbedIfEnded()) {
            ended.run();
        } else {
            linger();
        }
    }

    private synchronized boolean absorbed() {
        if (!replaced) {
            hangUp.cancel();
            end.absorb(buffers);
        }
        return !replaced;
    }

    private synchronized boolean absorbedIfEnded() {
        return !replaced && end.absorbIfEnded(buffers);
    }
}
