package dev.brood.sys;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What the classes of this room state about C, under C's names; as a program, prints it for the architecture of os.arch. */
final class Layout {
    private Layout() {}

    /** Needs no native call, so that it can be asked about an architecture that this machine is not. */
    public static void main(String[] none) {
        stated().forEach((name, value) -> System.out.println(name + " " + value));
    }

    /** Name to value, in the order of the rooms' classes. */
    static Map<String, Long> stated() {
        Map<String, Long> facts = new LinkedHashMap<>();
        types(facts);
        files(facts);
        events(facts);
        processes(facts);
        requests(facts);
        for (SystemCall call : SystemCall.values()) {
            facts.put("SYS_" + call.name().toLowerCase(Locale.ROOT), (long) call.number);
        }
        for (UnsafeCalls.Unsafe call : UnsafeCalls.all()) {
            if (call.number() >= 0) {
                facts.put("SYS_" + call.name(), (long) call.number());
            }
        }
        return facts;
    }

    private static void types(Map<String, Long> facts) {
        facts.put("pointer.sizeof", CStrings.POINTER);
        facts.put("siginfo_t.sizeof", Wait.SIGINFO_SIZE);
        facts.put("siginfo_t.si_code", Wait.SI_CODE);
        facts.put("siginfo_t.si_pid", Wait.SI_PID);
        facts.put("siginfo_t.si_status", Wait.SI_STATUS);
        facts.put("rusage.sizeof", Usage.SIZE);
        facts.put("rusage.ru_utime", Usage.RU_UTIME);
        facts.put("rusage.ru_stime", Usage.RU_STIME);
        facts.put("rusage.ru_maxrss", Usage.RU_MAXRSS);
        facts.put("rusage.ru_minflt", Usage.RU_MINFLT);
        facts.put("rusage.ru_majflt", Usage.RU_MAJFLT);
        facts.put("rusage.ru_nvcsw", Usage.RU_NVCSW);
        facts.put("rusage.ru_nivcsw", Usage.RU_NIVCSW);
        facts.put("timeval.sizeof", 2L * Long.BYTES);
        facts.put("epoll_event.sizeof", Epoll.EVENT_SIZE);
        facts.put("epoll_event.events", 0L);
        facts.put("epoll_event.data", Epoll.EVENT_DATA);
        facts.put("itimerspec.sizeof", TimerFd.ITIMERSPEC_SIZE);
        facts.put("itimerspec.it_value", TimerFd.IT_VALUE);
        facts.put("timespec.sizeof", 2L * Long.BYTES);
        facts.put("statx.sizeof", FileStatus.STATX_SIZE);
        facts.put("statx.stx_mode", FileStatus.STX_MODE);
        facts.put("pidfd_info.sizeof", PidFd.INFO_SIZE);
        facts.put("pidfd_info.mask", PidFd.INFO_MASK);
        facts.put("pidfd_info.exit_code", PidFd.INFO_EXIT_CODE);
        facts.put("posix_spawnattr_t.sizeof", PosixSpawn.ATTR_SIZE);
        facts.put("posix_spawn_file_actions_t.sizeof", PosixSpawn.ACTIONS_SIZE);
        facts.put("sigset_t.sizeof", (long) PosixSpawn.SIGSET_SIZE);
        facts.put("winsize.sizeof", Pty.WINSIZE);
        facts.put("winsize.ws_row", 0L);
        facts.put("winsize.ws_col", (long) Short.BYTES);
    }

    private static void files(Map<String, Long> facts) {
        flags(facts, "O_RDONLY", Fd.O_RDONLY);
        flags(facts, "O_WRONLY", Fd.O_WRONLY);
        flags(facts, "O_RDWR", Fd.O_RDWR);
        flags(facts, "O_CREAT", Fd.O_CREAT);
        flags(facts, "O_NOCTTY", Fd.O_NOCTTY);
        flags(facts, "O_TRUNC", Fd.O_TRUNC);
        flags(facts, "O_APPEND", Fd.O_APPEND);
        flags(facts, "O_NONBLOCK", Fd.O_NONBLOCK);
        flags(facts, "O_CLOEXEC", Fd.O_CLOEXEC);
        facts.put("F_GETFD", (long) Fd.F_GETFD);
        facts.put("F_SETFL", (long) Fd.F_SETFL);
        facts.put("F_DUPFD_CLOEXEC", (long) Fd.F_DUPFD_CLOEXEC);
        facts.put("F_SETPIPE_SZ", (long) Fd.F_SETPIPE_SZ);
        facts.put("AT_FDCWD", (long) Fd.AT_FDCWD);
        flags(facts, "AT_EACCESS", FileStatus.AT_EACCESS);
        facts.put("X_OK", (long) FileStatus.X_OK);
        flags(facts, "STATX_TYPE", FileStatus.STATX_TYPE);
        flags(facts, "S_IFMT", FileStatus.S_IFMT);
        flags(facts, "S_IFREG", FileStatus.S_IFREG);
        flags(facts, "SPLICE_F_MOVE", Splice.SPLICE_F_MOVE);
        flags(facts, "SPLICE_F_NONBLOCK", Splice.SPLICE_F_NONBLOCK);
    }

    private static void events(Map<String, Long> facts) {
        facts.put("EPOLL_CTL_ADD", (long) Epoll.EPOLL_CTL_ADD);
        facts.put("EPOLL_CTL_DEL", (long) Epoll.EPOLL_CTL_DEL);
        facts.put("EPOLL_CTL_MOD", (long) Epoll.EPOLL_CTL_MOD);
        flags(facts, "EPOLLIN", Epoll.IN);
        flags(facts, "EPOLLOUT", Epoll.OUT);
        flags(facts, "EPOLLERR", Epoll.ERR);
        flags(facts, "EPOLLHUP", Epoll.HUP);
        flags(facts, "EPOLLONESHOT", Epoll.ONESHOT);
        flags(facts, "EPOLLRDHUP", Epoll.RDHUP);
        flags(facts, "EPOLLET", Epoll.EDGE);
        flags(facts, "EPOLL_CLOEXEC", Fd.O_CLOEXEC);
        flags(facts, "EFD_CLOEXEC", Fd.O_CLOEXEC);
        flags(facts, "EFD_NONBLOCK", Fd.O_NONBLOCK);
        flags(facts, "TFD_CLOEXEC", Fd.O_CLOEXEC);
        flags(facts, "TFD_NONBLOCK", Fd.O_NONBLOCK);
        facts.put("CLOCK_MONOTONIC", (long) TimerFd.CLOCK_MONOTONIC);
    }

    private static void processes(Map<String, Long> facts) {
        facts.put("P_PID", (long) Wait.P_PID);
        facts.put("P_PIDFD", (long) Wait.P_PIDFD);
        flags(facts, "WNOHANG", Wait.WNOHANG);
        flags(facts, "WEXITED", Wait.WEXITED);
        flags(facts, "WNOWAIT", Wait.WNOWAIT);
        facts.put("CLD_EXITED", (long) WaitStatus.CLD_EXITED);
        facts.put("CLD_KILLED", (long) WaitStatus.CLD_KILLED);
        facts.put("CLD_DUMPED", (long) WaitStatus.CLD_DUMPED);
        flags(facts, "WCOREFLAG", WaitStatus.CORE);
        facts.put("RUSAGE_SELF", (long) Usage.RUSAGE_SELF);
        flags(facts, "POSIX_SPAWN_SETPGROUP", PosixSpawn.POSIX_SPAWN_SETPGROUP);
        flags(facts, "POSIX_SPAWN_SETSIGDEF", PosixSpawn.POSIX_SPAWN_SETSIGDEF);
        flags(facts, "POSIX_SPAWN_SETSIGMASK", PosixSpawn.POSIX_SPAWN_SETSIGMASK);
        flags(facts, "POSIX_SPAWN_SETSID", PosixSpawn.POSIX_SPAWN_SETSID);
        flags(facts, "__WALL", Wait.WALL);
        flags(facts, "CLOSE_RANGE_UNSHARE", ChildProgram.CLOSE_RANGE_UNSHARE);
        facts.put("F_SETFD", (long) ChildProgram.F_SETFD);
        facts.put("CLONE_VM", Clone.CLONE_VM);
        facts.put("CLONE_FILES", Clone.CLONE_FILES);
        facts.put("CLONE_PIDFD", Clone.CLONE_PIDFD);
        facts.put("CLONE_VFORK", Clone.CLONE_VFORK);
        facts.put("PROT_READ", (long) MachineCode.PROT_READ);
        facts.put("PROT_WRITE", (long) MachineCode.PROT_WRITE);
        facts.put("PROT_EXEC", (long) MachineCode.PROT_EXEC);
        facts.put("MAP_PRIVATE", (long) MachineCode.MAP_PRIVATE);
        facts.put("MAP_ANONYMOUS", (long) MachineCode.MAP_ANONYMOUS);
        flags(facts, "WSTOPPED", Wait.WSTOPPED);
        flags(facts, "WCONTINUED", Wait.WCONTINUED);
        facts.put("CLD_STOPPED", (long) Wait.CLD_STOPPED);
        facts.put("SIG_UNBLOCK", (long) SignalMask.SIG_UNBLOCK);
        flags(facts, "SA_RESTART", SignalHandler.SA_RESTART);
        flags(facts, "SA_NOCLDSTOP", SignalHandler.SA_NOCLDSTOP);
        facts.put("SIG_IGN", SignalHandler.SIG_IGN);
        facts.put("sigaction.sizeof", SignalHandler.ACTION_SIZE);
        facts.put("sigaction.sa_flags", SignalHandler.SA_FLAGS);
        facts.put("sigaction.sa_handler", SignalHandler.SA_HANDLER);
        facts.put("clone_args.sizeof", Clone.CLONE_ARGS_SIZE);
        facts.put("clone_args.pidfd", Clone.CLONE_ARGS_PIDFD);
        flags(facts, "__WCLONE", Wait.WCLONE);
        facts.put("SIG_BLOCK", (long) SignalMask.SIG_BLOCK);
        facts.put("SIG_SETMASK", (long) SignalMask.SIG_SETMASK);
        facts.put("CLONE_CHILD_SETTID", Clone.CLONE_CHILD_SETTID);
        facts.put("CLONE_INTO_CGROUP", Clone.CLONE_INTO_CGROUP);
        facts.put("clone_args.child_tid", Clone.CLONE_ARGS_CHILD_TID);
        facts.put("clone_args.cgroup", Clone.CLONE_ARGS_CGROUP);
        facts.put("PR_SET_PDEATHSIG", (long) ChildAttributes.PR_SET_PDEATHSIG);
        facts.put("PR_SET_KEEPCAPS", (long) ChildAttributes.PR_SET_KEEPCAPS);
        facts.put("PR_CAPBSET_DROP", (long) ChildAttributes.PR_CAPBSET_DROP);
        facts.put("PR_SET_NO_NEW_PRIVS", (long) ChildAttributes.PR_SET_NO_NEW_PRIVS);
        facts.put("PR_CAP_AMBIENT", (long) ChildAttributes.PR_CAP_AMBIENT);
        facts.put("PR_CAP_AMBIENT_RAISE", (long) ChildAttributes.PR_CAP_AMBIENT_RAISE);
        facts.put("PR_GET_DUMPABLE", (long) Dumpable.PR_GET_DUMPABLE);
        facts.put("PR_SET_DUMPABLE", (long) Dumpable.PR_SET_DUMPABLE);
        facts.put("PR_SET_MM", (long) UnsafeCalls.PR_SET_MM);
        facts.put("_LINUX_CAPABILITY_VERSION_3", (long) ChildAttributes.CAPABILITY_VERSION_3);
        facts.put("IOPRIO_WHO_PROCESS", (long) ChildAttributes.IOPRIO_WHO_PROCESS);
        facts.put("IOPRIO_CLASS_SHIFT", (long) ChildAttributes.IOPRIO_CLASS_SHIFT);
        facts.put("TIOCSCTTY", (long) ChildAttributes.TIOCSCTTY);
        facts.put("TIOCGPGRP", (long) Terminal.TIOCGPGRP);
        facts.put("TIOCSPGRP", (long) Terminal.TIOCSPGRP);
        facts.put("TCGETS", (long) Terminal.TCGETS);
        facts.put("TCSETS", (long) Terminal.TCSETS);
        facts.put("RAW_INPUT", (long) Pty.INPUT_MODES);
        facts.put("OPOST", (long) Pty.OPOST);
        facts.put("RAW_LOCAL", (long) Pty.LOCAL_MODES);
        facts.put("PR_SET_THP_DISABLE", (long) UnsafeCalls.PR_SET_THP_DISABLE);
        facts.put("PR_SET_MDWE", (long) UnsafeCalls.PR_SET_MDWE);
        facts.put("PR_SET_MEMORY_MERGE", (long) UnsafeCalls.PR_SET_MEMORY_MERGE);
        facts.put("PR_SET_VMA", (long) UnsafeCalls.PR_SET_VMA);
        facts.put("PR_SET_CHILD_SUBREAPER", (long) Subreaper.PR_SET_CHILD_SUBREAPER);
        facts.put("PR_GET_CHILD_SUBREAPER", (long) Subreaper.PR_GET_CHILD_SUBREAPER);
    }

    private static void requests(Map<String, Long> facts) {
        flags(facts, "TIOCGWINSZ", Pty.TIOCGWINSZ);
        flags(facts, "FIONREAD", Fd.FIONREAD);
        flags(facts, "TIOCSWINSZ", Pty.TIOCSWINSZ);
        flags(facts, "TIOCSPTLCK", Pty.TIOCSPTLCK);
        flags(facts, "TIOCGPTPEER", Pty.TIOCGPTPEER);
        facts.put("PIDFD_GET_INFO", PidFd.PIDFD_GET_INFO);
        facts.put("PIDFD_INFO_EXIT", PidFd.PIDFD_INFO_EXIT);
    }

    private static void flags(Map<String, Long> facts, String name, int word) {
        facts.put(name, Integer.toUnsignedLong(word));
    }
}
