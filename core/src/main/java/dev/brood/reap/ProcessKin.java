package dev.brood.reap;

import dev.brood.loop.EventLoop;
import dev.brood.loop.Registration;
import dev.brood.sys.ProcStat;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/*
 * A process is one of the kin if it carries the root's number as group or session, while that number is certainly the root's, or if its
 * parent is one. The number of a group stays taken as long as the group has a member: so it is the root's while the root is unreaped, and
 * after that while somebody who was seen in it is there still.
 *
 * A list of processes is not of one moment. Between two of its lines a process can end, and its number be given out again. So whoever
 * counts as kin because of another process is kept only if that other one is there still once the whole list was read.
 */
/** Processes that belong together by group, session or descent, found by walks through /proc. */
public final class ProcessKin implements Kin {
    private static final long SELF = ProcessHandle.current().pid();

    /** What makes a process one of them. */
    public enum Bond {
        /** The process group that the root leads. */
        GROUP,
        /** The session that the root leads. */
        SESSION,
        /** Descent from the root, or its group or session. */
        TREE,
        /** Descent from the root. */
        DESCENT
    }

    private final long root;
    private final Bond bond;
    private final BooleanSupplier rooted;
    private final LongPredicate spared;
    private final long made = System.nanoTime();
    private final Map<Long, ProcStat> known = new HashMap<>(); // by pid, as last seen; guarded by this, as is:
    private boolean led = true; // the root was last seen in the group that it leads
    private boolean lookedLast;
    private boolean waited; // for those whom the last look has shown

    /**
     * The kin of a process, which is not one of them; nor is this process.
     *
     * @param rooted whether the root has not been reaped, so that its number is its own
     */
    public ProcessKin(long root, Bond bond, BooleanSupplier rooted) {
        this(root, bond, rooted, _ -> false);
    }

    private ProcessKin(long root, Bond bond, BooleanSupplier rooted, LongPredicate spared) {
        this.root = root;
        this.bond = bond;
        this.rooted = rooted;
        this.spared = spared;
    }

    /** Who descends from this process, but for some: what these have started is not spared. */
    public static ProcessKin ofThisProcess(LongPredicate spared) {
        return new ProcessKin(SELF, Bond.DESCENT, () -> true, spared);
    }

    /**
     * Makes sure that there can be kin that is found by walks.
     *
     * @throws IOException /proc shows no processes, not even this one
     */
    public static void requirePossible() throws IOException {
        if (ProcStat.of(SELF).isEmpty()) {
            throw new NoSuchFileException("/proc/" + SELF);
        }
    }

    /** {@return whether this process has a child that has ended and was not reaped, but for some} */
    public static boolean hasZombie(LongPredicate spared) throws IOException {
        return Census.since(System.nanoTime()).children(SELF).stream()
                .anyMatch(one -> one.isOver() && !spared.test(one.pid()));
    }

    @Override
    public synchronized Collection<ProcStat> members(long since) throws Untold {
        try {
            take(Census.since(since), rooted.getAsBoolean());
            return snapshot();
        } catch (IOException untold) {
            throw new Untold(untold);
        }
    }

    @Override
    public synchronized void lookLast() throws Untold {
        try {
            take(Census.sinceDeathOf(root, made), rooted.getAsBoolean());
            lookedLast = true;
        } catch (IOException untold) {
            throw new Untold(untold);
        }
    }

    /** A group is hit as one; those of it who were seen elsewhere are not. */
    @Override
    public boolean signalAtOnce(ActiveChild child, int... signals) throws IOException {
        return bond == Bond.GROUP && child.signalGroup(signals);
    }

    @Override
    public boolean hasGroup() {
        return bond != Bond.DESCENT;
    }

    @Override
    public synchronized boolean isLed() {
        return led;
    }

    @Override
    public boolean isLeft() throws IOException {
        for (ProcStat one : snapshot()) {
            if (isThere(one)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Registration whenGone(EventLoop loop, Consumer<@Nullable IOException> gone) {
        return KinWatch.begin(loop, this::left, gone);
    }

    /**
     * First those whom the last look has shown; then whoever is found. Where nobody looked in time, by the root's number: good enough to wait for, not to
     * signal.
     */
    private synchronized Collection<ProcStat> left(long since) throws IOException {
        if (!lookedLast || waited) {
            ProcessTable table = Census.since(since);
            take(table, rooted.getAsBoolean() || (!lookedLast && isFree(table, root)));
            lookedLast = true;
        }
        waited = true;
        return snapshot();
    }

    /** Whether no other process has this number: nobody, or a child of ours that nobody has reaped. */
    private static boolean isFree(ProcessTable table, long pid) {
        ProcStat one = table.process(pid);
        return one == null || (one.isOver() && one.parent() == SELF);
    }

    private synchronized List<ProcStat> snapshot() {
        return known.values().stream().filter(one -> !spared.test(one.pid())).toList();
    }

    /**
     * The table is later than this was made: if the root's number is its own now, it was so there.
     *
     * @param rootIsThere whether it is
     */
    private void take(ProcessTable table, boolean rootIsThere) throws IOException {
        ProcStat leader = table.process(root);
        led = leader == null || leader.group() == root;
        known.values().removeIf(then -> !isIn(table, then));
        known.replaceAll((pid, then) -> Objects.requireNonNullElse(table.process(pid), then));
        Map<Long, ProcStat> there = new HashMap<>();
        for (ProcStat one : find(table, rootIsThere).values()) {
            if (isThere(one)) {
                there.put(one.pid(), one);
            }
        }
        known.keySet().retainAll(there.keySet());
        there.values().removeIf(one -> !known.containsKey(one.pid()) && !belongs(one, there, rootIsThere));
        known.putAll(there);
    }

    /** Who was known, and who is found now: children of children too. */
    private Map<Long, ProcStat> find(ProcessTable table, boolean rootIsThere) {
        Map<Long, ProcStat> found = new HashMap<>(known);
        Queue<ProcStat> descend = new ArrayDeque<>(known.values());
        Consumer<ProcStat> more = one -> {
            if (one.pid() != root && one.pid() != SELF && !one.isOver() && found.putIfAbsent(one.pid(), one) == null) {
                descend.add(one);
            }
        };
        if (numberIsOurs(rootIsThere)) {
            byNumber(table).forEach(more);
        }
        if (rootIsThere) {
            byDescent(table, root).forEach(more);
        }
        while (!descend.isEmpty()) {
            byDescent(table, descend.remove().pid()).forEach(more);
        }
        return found;
    }

    private Stream<ProcStat> byNumber(ProcessTable table) {
        return switch (bond) {
            case GROUP -> table.group(root).stream();
            case SESSION -> table.session(root).stream();
            case DESCENT -> Stream.empty();
            case TREE -> Stream.concat(table.group(root).stream(), table.session(root).stream());
        };
    }

    private List<ProcStat> byDescent(ProcessTable table, long parent) {
        return bond == Bond.TREE || bond == Bond.DESCENT ? table.children(parent) : List.of();
    }

    private boolean numberIsOurs(boolean rootIsThere) {
        return rootIsThere || known.values().stream().anyMatch(this::carriesNumber);
    }

    private boolean belongs(ProcStat one, Map<Long, ProcStat> others, boolean rootIsThere) {
        boolean byNumber = carriesNumber(one) && numberIsOurs(rootIsThere);
        boolean byDescent = (bond == Bond.TREE || bond == Bond.DESCENT)
                && (others.containsKey(one.parent()) || (rootIsThere && one.parent() == root));
        return byNumber || byDescent;
    }

    private boolean carriesNumber(ProcStat one) {
        return switch (bond) {
            case GROUP -> one.group() == root;
            case SESSION -> one.session() == root;
            case DESCENT -> false;
            case TREE -> one.group() == root || one.session() == root;
        };
    }

    private static boolean isIn(ProcessTable table, ProcStat then) {
        ProcStat now = table.process(then.pid());
        return now != null && now.isSame(then) && !now.isOver();
    }

    /** Whether this process is there still, and not another one of its number. */
    static boolean isThere(ProcStat one) throws IOException {
        return ProcStat.of(one.pid())
                .filter(now -> now.isSame(one) && !now.isOver())
                .isPresent();
    }
}
