package dev.brood.reap;

import dev.brood.sys.ProcStat;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

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
    private static final int WALKS = 32; // a tree that grows faster than it is walked wins in the end
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
    private final Map<Long, ProcStat> known = new HashMap<>(); // by pid; guarded by this

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

    /** {@return whether this process has a child that has ended and was not reaped, but for some} */
    public static boolean hasZombie(LongPredicate spared) throws IOException {
        return ProcStat.all().stream().anyMatch(one -> one.parent() == SELF && one.isOver() && !spared.test(one.pid()));
    }

    @Override
    public synchronized void look() throws IOException {
        boolean before = rooted.getAsBoolean();
        List<ProcStat> all = ProcStat.all();
        boolean rootIsThere = before && rooted.getAsBoolean();
        known.values().retainAll(all.stream().flatMap(this::sameAsKnown).toList());
        Map<Long, ProcStat> found = find(all, rootIsThere);
        Map<Long, ProcStat> there = new HashMap<>();
        for (ProcStat one : found.values()) {
            if (isThere(one)) {
                there.put(one.pid(), one);
            }
        }
        there.values().removeIf(one -> !known.containsKey(one.pid()) && !belongs(one, there, rootIsThere));
        known.putAll(there);
    }

    @Override
    public boolean signal(int number) throws IOException {
        Volley volley = new Volley(number);
        boolean more = true;
        for (int walk = 0; walk < WALKS && more; walk++) {
            look();
            more = volley.hit(snapshot());
        }
        return volley.reached();
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

    private synchronized List<ProcStat> snapshot() {
        return known.values().stream().filter(one -> !spared.test(one.pid())).toList();
    }

    /** Who was known, and who is found now: children of children too, in whatever order they are listed. */
    private Map<Long, ProcStat> find(List<ProcStat> all, boolean rootIsThere) {
        Map<Long, ProcStat> found = new HashMap<>(known);
        int before;
        do {
            before = found.size();
            for (ProcStat one : all) {
                if (one.pid() != root && one.pid() != SELF && !one.isOver() && belongs(one, found, rootIsThere)) {
                    found.putIfAbsent(one.pid(), one);
                }
            }
        } while (found.size() > before);
        return found;
    }

    private boolean belongs(ProcStat one, Map<Long, ProcStat> others, boolean rootIsThere) {
        boolean byNumber =
                carriesNumber(one) && (rootIsThere || known.values().stream().anyMatch(this::carriesNumber));
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

    private Stream<ProcStat> sameAsKnown(ProcStat now) {
        ProcStat then = known.get(now.pid());
        boolean same = then != null && then.startTime() == now.startTime() && !now.isOver();
        return same ? Stream.of(then) : Stream.empty();
    }

    /** Whether this process is there still, and not another one of its number. */
    static boolean isThere(ProcStat one) throws IOException {
        return ProcStat.of(one.pid())
                .filter(now -> now.startTime() == one.startTime() && !now.isOver())
                .isPresent();
    }
}
