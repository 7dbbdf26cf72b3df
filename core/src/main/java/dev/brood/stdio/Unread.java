package dev.brood.stdio;

import dev.brood.loop.EventLoop;

/**
 * What stands for a reader of a child that has ended, while there is none. Once nobody can write any more, or is waited for, the descriptor goes;
 * what is in the pipe stays for who reads later. On the loop.
 */
public final class Unread implements Reading {
    private final PipeEnd end;
    private final Buffers buffers;
    private final Runnable ended;
    private final HangUp hangUp;

    /** Tells {@code ended} when the descriptor has gone. */
    public Unread(EventLoop loop, PipeEnd end, Buffers buffers, Runnable ended) {
        this.end = end;
        this.buffers = buffers;
        this.ended = ended;
        this.hangUp = new HangUp(loop, end, this::hungUp);
    }

    @Override
    public void linger() {
        hangUp.begin();
    }

    @Override
    public void cutOff() {
        hangUp.cancel();
        end.absorb(buffers);
        ended.run();
    }

    private void hungUp() {
        if (end.absorbIfEnded(buffers)) {
            ended.run();
        } else {
            hangUp.begin();
        }
    }

    @Override
    public void close() {
        hangUp.cancel();
        end.close();
        ended.run();
    }

    @Override
    public void letGo() {
        hangUp.cancel();
    }
}
