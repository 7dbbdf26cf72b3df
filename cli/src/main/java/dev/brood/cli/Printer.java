package dev.brood.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * Prints what jobs write, one job after the other, on a thread of its own. Started but not yet printed are at most so many: that bounds
 * memory and descriptors however slow the first one is.
 */
final class Printer {
    private static final Job LAST = new Job(new byte[0]);

    private final BlockingQueue<Job> unprinted = new LinkedBlockingQueue<>();
    private final Semaphore places;
    private final Progress progress;
    private final Listener listener;
    private final boolean tags;
    private final OutputStream out;
    private final OutputStream err;
    private final Thread thread = Thread.ofPlatform().daemon().name("printer").unstarted(this::printAll);

    /** Hears what goes wrong, on the printer's thread. */
    interface Listener {
        /** Whoever read what is printed is gone. */
        void nobodyReads();

        /** Not everything that this one wrote was printed. */
        void cut(Job job, IOException why);

        /** Nothing more will be printed. */
        default void printed() {}
    }

    /** A printer of at most so many jobs at a time; with {@code tags} it puts each job's item before its lines. */
    Printer(int places, boolean tags, Tee tee, Progress progress, Listener listener) {
        this.places = new Semaphore(places);
        this.tags = tags;
        this.progress = progress;
        this.listener = listener;
        this.out = tee.over(Standard.OUT);
        this.err = tee.over(Standard.ERR);
    }

    void start() {
        thread.start();
    }

    /** Waits for a place, for one to add. */
    void awaitPlace() throws InterruptedException {
        places.acquire();
    }

    /** Adds the next to print. */
    void add(Job job) {
        unprinted.add(job);
    }

    /** Nothing more is to be added. */
    void end() {
        unprinted.add(LAST);
    }

    /** Waits until everything is printed: whether it is. */
    boolean join(Duration limit) throws InterruptedException {
        return thread.join(limit);
    }

    private void printAll() {
        try {
            for (Job job = unprinted.take(); job != LAST; job = unprinted.take()) {
                print(job);
                places.release();
            }
        } catch (IOException nobodyReads) {
            listener.nobodyReads();
        } catch (InterruptedException unneeded) {
            Thread.currentThread().interrupt();
        }
        listener.printed();
    }

    private void print(Job job) throws IOException, InterruptedException {
        try {
            job.print(tagged(out, job), tagged(err, job), progress);
        } catch (RuntimeException | Error lack) { // of memory, for one: the next one is printed all the same
            job.cut(new IOException("it cannot be printed", lack));
            job.awaitClosed();
        }
        job.cut().ifPresent(why -> listener.cut(job, why));
    }

    private OutputStream tagged(OutputStream to, Job job) {
        return tags ? new Tagged(to, job.item()) : to;
    }
}
