package dev.brood.reap;

import dev.brood.sys.ProcStat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All processes of this namespace, as one walk through /proc has shown them, by parent, group and session. Immutable. It is not of one moment: what
 * it shows was so at some time since it was begun.
 */
final class ProcessTable {
    private static final long SELF = ProcessHandle.current().pid();

    private final long begun = System.nanoTime();
    private final Map<Long, ProcStat> processes = new HashMap<>();
    private final Map<Long, List<ProcStat>> byParent = new HashMap<>();
    private final Map<Long, List<ProcStat>> byGroup = new HashMap<>();
    private final Map<Long, List<ProcStat>> bySession = new HashMap<>();
    private final Set<Long> over = new HashSet<>(); // before it was begun

    private ProcessTable() {}

    /**
     * Walks.
     *
     * @param before an earlier one, if there is one: who was over in that was so before this is begun
     * @throws IOException /proc shows no processes, not even this one
     */
    static ProcessTable read(@Nullable ProcessTable before) throws IOException {
        ProcessTable table = new ProcessTable();
        ProcStat.all().forEach(one -> table.add(one, before));
        if (!table.processes.containsKey(SELF)) {
            throw new IOException("/proc does not list this process, nor who belongs to another");
        }
        return table;
    }

    /** {@return whether all of it was seen after a moment of {@link System#nanoTime}} */
    boolean isSince(long moment) {
        return begun - moment >= 0;
    }

    /** {@return whether this process had ended before anything here was seen} */
    boolean wasOver(long pid) {
        return over.contains(pid);
    }

    @Nullable
    ProcStat process(long pid) {
        return processes.get(pid);
    }

    List<ProcStat> children(long parent) {
        return byParent.getOrDefault(parent, List.of());
    }

    List<ProcStat> group(long number) {
        return byGroup.getOrDefault(number, List.of());
    }

    List<ProcStat> session(long number) {
        return bySession.getOrDefault(number, List.of());
    }

    private void add(ProcStat one, @Nullable ProcessTable before) {
        processes.put(one.pid(), one);
        byParent.computeIfAbsent(one.parent(), _ -> new ArrayList<>(1)).add(one);
        byGroup.computeIfAbsent(one.group(), _ -> new ArrayList<>(1)).add(one);
        bySession.computeIfAbsent(one.session(), _ -> new ArrayList<>(1)).add(one);
        if (before != null && one.isOver() && before.showedOver(one)) {
            over.add(one.pid());
        }
    }

    private boolean showedOver(ProcStat one) {
        ProcStat then = processes.get(one.pid());
        return then != null && then.isOver() && then.isSame(one);
    }
}
