/*
 * Prints the sizes, offsets, constants and system call numbers of the Linux C
 * interface that dev.brood.sys states in Java, one "name value" a line:
 * TYPE.sizeof, TYPE.FIELD (an offset), or a constant under its C name.
 *
 *     cc layout.c -o layout && ./layout
 *
 * A fallback stands only for values that are the same on every architecture;
 * what belongs to the C library is never guessed.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/ioprio.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* A libc without statx(): the kernel's headers have it. */
#ifndef STATX_TYPE
#include <linux/stat.h>
#endif

/* An enumerator in glibc and musl, absent before glibc 2.36. */
#ifndef P_PIDFD
#define P_PIDFD 3
#endif
#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_faccessat2
#define SYS_faccessat2 439
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_process_madvise
#define SYS_process_madvise 440
#endif
#ifndef SYS_mseal
#define SYS_mseal 462
#endif
#ifndef SYS_map_shadow_stack
#define SYS_map_shadow_stack 453
#endif
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#endif
#ifndef PR_SET_MEMORY_MERGE
#define PR_SET_MEMORY_MERGE 67
#endif
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

/* <linux/pidfd.h> has it since 6.15. */
#ifndef PIDFD_INFO_EXIT
#define PIDFD_INFO_EXIT (1UL << 3)
#endif

/* The first version of struct pidfd_info; <linux/pidfd.h> has it since 6.13. */
struct probe_pidfd_info {
    uint64_t mask;
    uint64_t cgroupid;
    uint32_t pid;
    uint32_t tgid;
    uint32_t ppid;
    uint32_t ruid;
    uint32_t rgid;
    uint32_t euid;
    uint32_t egid;
    uint32_t suid;
    uint32_t sgid;
    uint32_t fsuid;
    uint32_t fsgid;
    int32_t exit_code;
};

static void value(const char *name, long long number)
{
    printf("%s %lld\n", name, number);
}

/* Flag words have 32 bits, whatever their C type's sign. */
static void flags(const char *name, uint32_t word)
{
    printf("%s 0x%lx\n", name, (unsigned long)word);
}

/* #name is made a string before it is expanded: macros keep their name. */
#define VALUE(name) value(#name, (long long)(name))
#define FLAGS(name) flags(#name, (uint32_t)(name))
#define TYPE(type) value(#type ".sizeof", (long long)sizeof(type))
#define SIZE(tag) value(#tag ".sizeof", (long long)sizeof(struct tag))
#define OFFSET(tag, field) \
    value(#tag "." #field, (long long)offsetof(struct tag, field))

/* Through SYS_, as every libc has it; printed under the kernel's name. */
#define CALL(name) value("SYS_" #name, SYS_##name)

static void print_types(void)
{
    value("pointer.sizeof", sizeof(void *));

    /* Written out: libc defines several si_* names as macros. */
    TYPE(siginfo_t);
    value("siginfo_t.si_code", offsetof(siginfo_t, si_code));
    value("siginfo_t.si_pid", offsetof(siginfo_t, si_pid));
    value("siginfo_t.si_status", offsetof(siginfo_t, si_status));

    SIZE(rusage);
    OFFSET(rusage, ru_utime);
    OFFSET(rusage, ru_stime);
    OFFSET(rusage, ru_maxrss);
    OFFSET(rusage, ru_minflt);
    OFFSET(rusage, ru_majflt);
    OFFSET(rusage, ru_nvcsw);
    OFFSET(rusage, ru_nivcsw);
    SIZE(timeval);

    SIZE(epoll_event);
    OFFSET(epoll_event, events);
    OFFSET(epoll_event, data);

    SIZE(itimerspec);
    OFFSET(itimerspec, it_value);
    SIZE(timespec);

    SIZE(statx);
    OFFSET(statx, stx_mode);

    value("pidfd_info.sizeof", sizeof(struct probe_pidfd_info));
    value("pidfd_info.mask", offsetof(struct probe_pidfd_info, mask));
    value("pidfd_info.exit_code", offsetof(struct probe_pidfd_info, exit_code));

    TYPE(posix_spawnattr_t);
    TYPE(posix_spawn_file_actions_t);
    TYPE(sigset_t);

    SIZE(winsize);
    OFFSET(winsize, ws_row);
    OFFSET(winsize, ws_col);
}

static void print_constants(void)
{
    FLAGS(O_RDONLY);
    FLAGS(O_WRONLY);
    FLAGS(O_RDWR);
    FLAGS(O_CREAT);
    FLAGS(O_NOCTTY);
    FLAGS(O_TRUNC);
    FLAGS(O_APPEND);
    FLAGS(O_NONBLOCK);
    FLAGS(O_CLOEXEC);
    VALUE(F_GETFD);
    VALUE(F_SETFL);
    VALUE(F_DUPFD_CLOEXEC);
    VALUE(F_SETPIPE_SZ);

    VALUE(AT_FDCWD);
    FLAGS(AT_EACCESS);
    VALUE(X_OK);
    FLAGS(STATX_TYPE);
    FLAGS(S_IFMT);
    FLAGS(S_IFREG);

    VALUE(EPOLL_CTL_ADD);
    VALUE(EPOLL_CTL_DEL);
    VALUE(EPOLL_CTL_MOD);
    FLAGS(EPOLLIN);
    FLAGS(EPOLLOUT);
    FLAGS(EPOLLERR);
    FLAGS(EPOLLHUP);
    FLAGS(EPOLLONESHOT);
    FLAGS(EPOLLRDHUP);
    FLAGS(EPOLLET);
    FLAGS(EPOLL_CLOEXEC);
    FLAGS(EFD_CLOEXEC);
    FLAGS(EFD_NONBLOCK);
    FLAGS(TFD_CLOEXEC);
    FLAGS(TFD_NONBLOCK);
    VALUE(CLOCK_MONOTONIC);

    FLAGS(SPLICE_F_MOVE);
    FLAGS(SPLICE_F_NONBLOCK);

    VALUE(P_PID);
    VALUE(P_PIDFD);
    FLAGS(WNOHANG);
    FLAGS(WEXITED);
    FLAGS(WNOWAIT);
    VALUE(CLD_EXITED);
    VALUE(CLD_KILLED);
    VALUE(CLD_DUMPED);
    FLAGS(WCOREFLAG);
    VALUE(RUSAGE_SELF);
    FLAGS(POSIX_SPAWN_SETPGROUP);
    FLAGS(POSIX_SPAWN_SETSIGDEF);
    FLAGS(POSIX_SPAWN_SETSIGMASK);
    FLAGS(POSIX_SPAWN_SETSID);
    FLAGS(__WALL);
    value("CLOSE_RANGE_UNSHARE", 1U << 1);
    value("F_SETFD", F_SETFD);
    value("CLONE_VM", CLONE_VM);
    value("CLONE_FILES", CLONE_FILES);
    value("CLONE_PIDFD", CLONE_PIDFD);
    value("CLONE_VFORK", CLONE_VFORK);
    value("PROT_READ", PROT_READ);
    value("PROT_WRITE", PROT_WRITE);
    value("PROT_EXEC", PROT_EXEC);
    value("MAP_PRIVATE", MAP_PRIVATE);
    value("MAP_ANONYMOUS", MAP_ANONYMOUS);
    value("WSTOPPED", WSTOPPED);
    value("WCONTINUED", WCONTINUED);
    value("CLD_STOPPED", CLD_STOPPED);
    value("SIG_UNBLOCK", SIG_UNBLOCK);
    value("SA_RESTART", SA_RESTART);
    value("SA_NOCLDSTOP", SA_NOCLDSTOP);
    value("SIG_IGN", (long) SIG_IGN);
    value("sigaction.sizeof", sizeof(struct sigaction));
    value("sigaction.sa_flags", offsetof(struct sigaction, sa_flags));
    value("sigaction.sa_handler", offsetof(struct sigaction, sa_handler));
    value("clone_args.sizeof", sizeof(struct clone_args));
    value("clone_args.pidfd", offsetof(struct clone_args, pidfd));
    value("__WCLONE", (unsigned) __WCLONE);
    value("SIG_BLOCK", SIG_BLOCK);
    value("SIG_SETMASK", SIG_SETMASK);
    value("CLONE_CHILD_SETTID", CLONE_CHILD_SETTID);
    value("CLONE_INTO_CGROUP", CLONE_INTO_CGROUP);
    value("clone_args.child_tid", offsetof(struct clone_args, child_tid));
    value("clone_args.cgroup", offsetof(struct clone_args, cgroup));
    value("PR_SET_PDEATHSIG", PR_SET_PDEATHSIG);
    value("PR_SET_KEEPCAPS", PR_SET_KEEPCAPS);
    value("PR_CAPBSET_DROP", PR_CAPBSET_DROP);
    value("PR_SET_NO_NEW_PRIVS", PR_SET_NO_NEW_PRIVS);
    value("PR_CAP_AMBIENT", PR_CAP_AMBIENT);
    value("PR_CAP_AMBIENT_RAISE", PR_CAP_AMBIENT_RAISE);
    value("PR_GET_DUMPABLE", PR_GET_DUMPABLE);
    value("PR_SET_DUMPABLE", PR_SET_DUMPABLE);
    value("PR_SET_MM", PR_SET_MM);
    value("_LINUX_CAPABILITY_VERSION_3", _LINUX_CAPABILITY_VERSION_3);
    value("IOPRIO_WHO_PROCESS", IOPRIO_WHO_PROCESS);
    value("IOPRIO_CLASS_SHIFT", IOPRIO_CLASS_SHIFT);
    value("TIOCSCTTY", TIOCSCTTY);
    value("TIOCGPGRP", TIOCGPGRP);
    value("TIOCSPGRP", TIOCSPGRP);
    value("TCGETS", TCGETS);
    value("TCSETS", TCSETS);
    value("RAW_INPUT", IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    value("OPOST", OPOST);
    value("RAW_LOCAL", ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    value("PR_SET_THP_DISABLE", PR_SET_THP_DISABLE);
    value("PR_SET_MDWE", PR_SET_MDWE);
    value("PR_SET_MEMORY_MERGE", PR_SET_MEMORY_MERGE);
    value("PR_SET_VMA", PR_SET_VMA);
    VALUE(PR_SET_CHILD_SUBREAPER);
    VALUE(PR_GET_CHILD_SUBREAPER);

    FLAGS(TIOCGWINSZ);
    FLAGS(FIONREAD);
    FLAGS(TIOCSWINSZ);
    FLAGS(TIOCSPTLCK);
    FLAGS(TIOCGPTPEER);
    flags("PIDFD_GET_INFO", _IOWR(0xFF, 11, struct probe_pidfd_info));
    FLAGS(PIDFD_INFO_EXIT);
}

static void print_system_calls(void)
{
    CALL(read);
    CALL(write);
    CALL(close);
    CALL(rt_sigprocmask);
    CALL(ioctl);
    CALL(getpid);
    CALL(gettid);
    CALL(kill);
    CALL(fcntl);
    CALL(getrusage);
    CALL(prctl);
    CALL(epoll_ctl);
    CALL(waitid);
    CALL(openat);
    CALL(faccessat);
    CALL(splice);
    CALL(epoll_pwait);
    CALL(timerfd_create);
    CALL(timerfd_settime);
    CALL(eventfd2);
    CALL(epoll_create1);
    CALL(pipe2);
    CALL(statx);
    CALL(pidfd_send_signal);
    CALL(pidfd_open);
    CALL(faccessat2);
    CALL(mmap);
    CALL(mprotect);
    CALL(rt_sigaction);
    CALL(clone);
    CALL(execve);
    CALL(chdir);
    CALL(setpgid);
    CALL(setsid);
    CALL(dup3);
    CALL(clone3);
    CALL(close_range);
    CALL(munmap);
#ifdef SYS_brk
    CALL(brk);
#endif
#ifdef SYS_mremap
    CALL(mremap);
#endif
#ifdef SYS_madvise
    CALL(madvise);
#endif
#ifdef SYS_shmat
    CALL(shmat);
#endif
#ifdef SYS_shmdt
    CALL(shmdt);
#endif
#ifdef SYS_mlock
    CALL(mlock);
#endif
#ifdef SYS_munlock
    CALL(munlock);
#endif
#ifdef SYS_mlockall
    CALL(mlockall);
#endif
#ifdef SYS_munlockall
    CALL(munlockall);
#endif
#ifdef SYS_remap_file_pages
    CALL(remap_file_pages);
#endif
#ifdef SYS_mbind
    CALL(mbind);
#endif
#ifdef SYS_migrate_pages
    CALL(migrate_pages);
#endif
#ifdef SYS_move_pages
    CALL(move_pages);
#endif
#ifdef SYS_process_vm_readv
    CALL(process_vm_readv);
#endif
#ifdef SYS_process_vm_writev
    CALL(process_vm_writev);
#endif
#ifdef SYS_userfaultfd
    CALL(userfaultfd);
#endif
#ifdef SYS_mlock2
    CALL(mlock2);
#endif
#ifdef SYS_pkey_mprotect
    CALL(pkey_mprotect);
#endif
#ifdef SYS_process_madvise
    CALL(process_madvise);
#endif
#ifdef SYS_mseal
    CALL(mseal);
#endif
#ifdef SYS_fork
    CALL(fork);
#endif
#ifdef SYS_vfork
    CALL(vfork);
#endif
#ifdef SYS_exit
    CALL(exit);
#endif
#ifdef SYS_ptrace
    CALL(ptrace);
#endif
#ifdef SYS_modify_ldt
    CALL(modify_ldt);
#endif
#ifdef SYS_arch_prctl
    CALL(arch_prctl);
#endif
#ifdef SYS_futex
    CALL(futex);
#endif
#ifdef SYS_set_thread_area
    CALL(set_thread_area);
#endif
#ifdef SYS_set_tid_address
    CALL(set_tid_address);
#endif
#ifdef SYS_exit_group
    CALL(exit_group);
#endif
#ifdef SYS_set_robust_list
    CALL(set_robust_list);
#endif
#ifdef SYS_execveat
    CALL(execveat);
#endif
#ifdef SYS_membarrier
    CALL(membarrier);
#endif
#ifdef SYS_rseq
    CALL(rseq);
#endif
#ifdef SYS_rt_sigreturn
    CALL(rt_sigreturn);
#endif
#ifdef SYS_pause
    CALL(pause);
#endif
#ifdef SYS_rt_sigsuspend
    CALL(rt_sigsuspend);
#endif
#ifdef SYS_sigaltstack
    CALL(sigaltstack);
#endif
#ifdef SYS_setuid
    CALL(setuid);
#endif
#ifdef SYS_setgid
    CALL(setgid);
#endif
#ifdef SYS_setreuid
    CALL(setreuid);
#endif
#ifdef SYS_setregid
    CALL(setregid);
#endif
#ifdef SYS_setgroups
    CALL(setgroups);
#endif
#ifdef SYS_setresuid
    CALL(setresuid);
#endif
#ifdef SYS_setresgid
    CALL(setresgid);
#endif
#ifdef SYS_setfsuid
    CALL(setfsuid);
#endif
#ifdef SYS_setfsgid
    CALL(setfsgid);
#endif
#ifdef SYS_capset
    CALL(capset);
    CALL(umask);
    CALL(setpriority);
    CALL(sched_setscheduler);
    CALL(sched_setaffinity);
    CALL(ioprio_set);
    CALL(prlimit64);
    CALL(setns);
#endif
    CALL(pkey_alloc);
    CALL(pkey_free);
    CALL(io_setup);
    CALL(io_destroy);
    CALL(map_shadow_stack);
}

int main(void)
{
    print_types();
    print_constants();
    print_system_calls();
    return fflush(stdout) != 0 || ferror(stdout);
}
