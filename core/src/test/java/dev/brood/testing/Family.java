package dev.brood.testing;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Reach;
import dev.brood.Scope;
import dev.brood.Stdio;
import dev.brood.sys.Kill;
import dev.brood.sys.ProcStat;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A child with one more process, which says its number. */
public final class Family {
    private final Child child;
    private final long member;
    private final ProcStat known;

    private Family(Child child, long member) throws IOException {
        this.child = child;
        this.member = member;
        this.known = ProcStat.of(member).orElseThrow();
    }

    public static Family start(Brood brood, Reach reach, String member) throws Exception {
        return start(brood, Shell.script(member + " & wait").reach(reach));
    }

    public static Family start(Brood brood, Command command) throws Exception {
        return of(brood.spawn(talking(command)));
    }

    public static Family start(Scope scope, Command command) throws Exception {
        return of(scope.spawn(talking(command)));
    }

    private static Command talking(Command command) {
        return command.stdin(Stdio.devNull()).stdout(Stdio.pipe()).stderr(Stdio.devNull());
    }

    private static Family of(Child child) throws IOException {
        BufferedReader said = child.stdout().reader(StandardCharsets.US_ASCII);
        return new Family(child, Long.parseLong(said.readLine()));
    }

    public Child child() {
        return child;
    }

    /** {@return its number} */
    public long member() {
        return member;
    }

    public boolean isThere() throws IOException {
        return ProcStat.of(member)
                .filter(now -> now.startTime() == known.startTime() && !now.isOver())
                .isPresent();
    }

    public void awaitEnd() throws Exception {
        Eventually.holds(member + " has ended", () -> !isThere());
    }

    public void kill() throws Exception {
        Kill.process(member, 9);
        awaitEnd();
    }
}
