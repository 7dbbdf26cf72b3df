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
    VALUE(F_GETFL);
    VALUE(F_SETFL);
    VALUE(F_DUPFD_CLOEXEC);

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
    VALUE(PR_SET_CHILD_SUBREAPER);
    VALUE(PR_GET_CHILD_SUBREAPER);

    FLAGS(TIOCGWINSZ);
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
}

int main(void)
{
    print_types();
    print_constants();
    print_system_calls();
    return fflush(stdout) != 0 || ferror(stdout);
}
