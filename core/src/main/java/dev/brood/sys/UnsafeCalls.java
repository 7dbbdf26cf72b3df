package dev.brood.sys;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The system calls that a child must not be told to make, because it shares the memory of the JVM that it comes from, or because they need
 * the care of a method of their own.
 */
public final class UnsafeCalls {
    private static final String MEMORY = "it changes the memory that the child shares with the JVM";
    private static final String THREADS = "it makes or ends a process or thread";
    private static final String SIGNALS = "it changes signals, which come last";
    private static final String USER = "a change of user or capabilities has methods of its own";
    static final int PR_SET_MM = 35;
    static final int PR_SET_THP_DISABLE = 41;
    static final int PR_SET_MDWE = 65;
    static final int PR_SET_MEMORY_MERGE = 67;
    static final int PR_SET_VMA = 0x53564d41;
    private static final int X32 = 0x40000000; // x86-64 has a third table of calls from here on

    // name, number on x86-64 and on aarch64: -1 where an architecture has no such call
    private static final List<Unsafe> ALL = Stream.of(
                    family(
                            MEMORY,
                            "mmap 9 222, mprotect 10 226, munmap 11 215, brk 12 214, mremap 25 216, madvise 28 233, "
                                    + "shmat 30 196, shmdt 67 197, mlock 149 228, munlock 150 229, mlockall 151 230, "
                                    + "munlockall 152 231, remap_file_pages 216 234, mbind 237 235, migrate_pages 256 238, "
                                    + "move_pages 279 239, process_vm_readv 310 270, process_vm_writev 311 271, userfaultfd 323 282, "
                                    + "mlock2 325 284, pkey_mprotect 329 288, pkey_alloc 330 289, pkey_free 331 290, io_setup 206 0, "
                                    + "io_destroy 207 1, map_shadow_stack 453 453, process_madvise 440 440, mseal 462 462"),
                    family(
                            THREADS,
                            "clone 56 220, fork 57 -1, vfork 58 -1, execve 59 221, exit 60 93, ptrace 101 117, "
                                    + "modify_ldt 154 -1, arch_prctl 158 -1, futex 202 98, set_thread_area 205 -1, "
                                    + "set_tid_address 218 96, exit_group 231 94, set_robust_list 273 99, execveat 322 281, "
                                    + "membarrier 324 283, rseq 334 293, clone3 435 435"),
                    family(
                            SIGNALS,
                            "rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, pause 34 -1, "
                                    + "rt_sigsuspend 130 133, sigaltstack 131 132"),
                    family(
                            USER,
                            "setuid 105 146, setgid 106 144, setreuid 113 145, setregid 114 143, setgroups 116 159, "
                                    + "setresuid 117 147, setresgid 119 149, setfsuid 122 151, setfsgid 123 152, capset 126 91"))
            .flatMap(List::stream)
            .toList();

    /** A call and why it is refused. */
    record Unsafe(String name, int number, String reason) {
        static Unsafe parse(String row, String reason) {
            String[] columns = row.split(" ", -1);
            int number = switch (Platform.ARCHITECTURE) {
                case X86_64 -> Integer.parseInt(columns[1]);
                case AARCH64 -> Integer.parseInt(columns[2]);
                case OTHER -> -1;
            };
            return new Unsafe(columns[0], number, reason);
        }
    }

    // what these set belongs to the memory, and so to the JVM as well
    private static final Set<Integer> UNSAFE_PRCTL = Set.of(
            Dumpable.PR_SET_DUMPABLE, PR_SET_MM, PR_SET_THP_DISABLE, PR_SET_MDWE, PR_SET_MEMORY_MERGE, PR_SET_VMA);

    private UnsafeCalls() {}

    /** {@return why a call is refused; empty if it is not} */
    public static Optional<String> reason(int number) {
        if (number < 0 || number >= X32) {
            return Optional.of("there is no such call");
        }
        return ALL.stream()
                .filter(call -> call.number() == number)
                .map(Unsafe::reason)
                .findFirst();
    }

    /** {@return why a call with this first argument is refused; empty if it is not} */
    public static Optional<String> reason(int number, long first) {
        boolean unsafe = number == SystemCall.PRCTL.number && UNSAFE_PRCTL.contains((int) first);
        return unsafe ? Optional.of(MEMORY) : Optional.empty();
    }

    static List<Unsafe> all() {
        return ALL;
    }

    private static List<Unsafe> family(String reason, String rows) {
        return Stream.of(rows.split(", ", -1))
                .map(row -> Unsafe.parse(row, reason))
                .toList();
    }
}
