package dev.brood.reap;

import dev.brood.loop.EventLoop;
import dev.brood.loop.Registration;
import dev.brood.sys.ProcStat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All processes of a cgroup, version 2, and of those below it. A KILL is the kernel's own, which nobody escapes by forking, where it has that
 * (cgroup.kill, since Linux 5.14); every other signal goes to one process after the other.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html">Control Group v2</a>
 */
public final class CgroupKin implements Kin {
    private static final int SIGKILL = 9;

    private final Path directory;
    private final long root;
    private final BooleanSupplier rooted;

    /**
     * The processes of a cgroup but for one, the child that was put there.
     *
     * @param rooted whether that has not been reaped
     */
    public CgroupKin(Path directory, long root, BooleanSupplier rooted) {
        this.directory = directory;
        this.root = root;
        this.rooted = rooted;
    }

    @Override
    public Collection<ProcStat> members(long since) throws Untold {
        try {
            return members();
        } catch (IOException untold) {
            throw new Untold(untold);
        }
    }

    @Override
    public void lookLast() {} // the kernel knows

    @Override
    public boolean signalAtOnce(ActiveChild child, int... signals) throws IOException {
        return signals[0] == SIGKILL && killed();
    }

    @Override
    public boolean hasGroup() {
        return false;
    }

    @Override
    public boolean isLed() {
        return false;
    }

    @Override
    public boolean isLeft() throws IOException {
        try {
            return Files.readString(directory.resolve("cgroup.events")).contains("populated 1");
        } catch (NoSuchFileException removed) {
            return false;
        }
    }

    @Override
    public Registration whenGone(EventLoop loop, Consumer<@Nullable IOException> gone) {
        return CgroupWatch.begin(loop, directory, gone);
    }

    private boolean killed() throws IOException {
        try {
            boolean populated = isLeft();
            Files.writeString(directory.resolve("cgroup.kill"), "1", StandardOpenOption.WRITE);
            return populated;
        } catch (NoSuchFileException olderKernel) {
            return false;
        }
    }

    /** Looked up once and again: who is listed both times with the same start was in it when that was asked. */
    private List<ProcStat> members() throws IOException {
        List<ProcStat> members = new ArrayList<>();
        for (long pid : listed()) {
            if (pid != root || !rooted.getAsBoolean()) {
                ProcStat.of(pid).filter(one -> !one.isOver()).ifPresent(members::add);
            }
        }
        List<Long> still = listed();
        members.removeIf(one -> !still.contains(one.pid()));
        return members;
    }

    private List<Long> listed() throws IOException {
        List<Long> pids = new ArrayList<>();
        try (Stream<Path> below = Files.walk(directory)) {
            for (Path cgroup : below.filter(Files::isDirectory).toList()) {
                Files.readAllLines(cgroup.resolve("cgroup.procs"), StandardCharsets.US_ASCII)
                        .forEach(line -> pids.add(Long.parseLong(line)));
            }
        } catch (NoSuchFileException removed) {
            return pids;
        }
        return pids;
    }
}
