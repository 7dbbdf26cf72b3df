/*
 * The first and only process of an emulated machine: runs the machine code of src/main/asm as the library does, and says what came of it.
 *
 * Links start-ARCH.S and signal-ARCH.S, whose bytes a test compares with those that the library carries.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif
#define ROUNDS 2000

struct row { uint64_t number, arguments[6], flags; };
struct header { uint64_t blocked, mask; struct row *failed; uint64_t error; };

extern char start[], signal_code[];
static long (*mapped)(struct row *, struct header *);
static int handled;

static void handler(int signal) { handled += signal; }

static void stop(const char *said) {
    printf("%s\n", said);
    fflush(stdout);
    sync();
    reboot(RB_POWER_OFF);
    for (;;)
        pause();
}

static void check(int holds, const char *what) {
    if (!holds) {
        printf("not so: %s (errno %d)\n", what, errno);
        stop("FAILED");
    }
}

/* Written, then made executable: as the library maps it. */
static void map(void) {
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check(page != MAP_FAILED, "a page");
    memcpy(page, start, 512);
    check(mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0, "executable");
    __builtin___clear_cache(page, page + 512);
    mapped = (void *)page;
}

static struct row row(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e) {
    return (struct row){.number = number, .arguments = {a, b, c, d, e}};
}

static int pidfd, tid;
static struct clone_args arguments;

static struct row first(int by_clone3) {
    uint64_t flags = CLONE_VM | CLONE_VFORK | CLONE_FILES | CLONE_PIDFD | CLONE_CHILD_SETTID;
    arguments = (struct clone_args){.flags = flags | CLONE_CLEAR_SIGHAND, .pidfd = (uintptr_t)&pidfd, .child_tid = (uintptr_t)&tid};
    pidfd = tid = -1;
    if (by_clone3)
        return row(SYS_clone3, (uintptr_t)&arguments, sizeof arguments, 0, 0, 0);
#if defined(__x86_64__)
    return row(SYS_clone, flags, 0, (uintptr_t)&pidfd, (uintptr_t)&tid, 0);
#else
    return row(SYS_clone, flags, 0, (uintptr_t)&pidfd, 0, (uintptr_t)&tid);
#endif
}

static siginfo_t reaped(void) {
    siginfo_t info;
    check(syscall(SYS_waitid, P_PIDFD, pidfd, &info, WEXITED | __WALL, NULL) == 0, "reaped by its pidfd");
    close(pidfd);
    return info;
}

/* A child that has descriptor 50 from our pipe, and ends with the code that it reads there. */
static void good(int by_clone3, int code) {
    static char *argv[] = {"/proof", "child", NULL}, *none[] = {NULL};
    uint64_t unblocked = 0, before, after;
    int pipe[2];
    char byte = (char)code;
    check(pipe2(pipe, O_CLOEXEC) == 0 && write(pipe[1], &byte, 1) == 1, "a pipe");
    struct row rows[] = {
        first(by_clone3),
        row(SYS_close_range, pipe[0] + 1, ~0U, 2, 0, 0),
        row(SYS_dup3, pipe[0], 50, 0, 0, 0),
        row(SYS_setpgid, 0, 0, 0, 0, 0),
        row(SYS_umask, 077, 0, 0, 0, 0),
        row(SYS_rt_sigprocmask, SIG_SETMASK, (uintptr_t)&unblocked, 0, 8, 0),
        row(SYS_execve, (uintptr_t)argv[0], (uintptr_t)argv, (uintptr_t)none, 0, 0),
    };
    struct header header = {.blocked = -1};
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, NULL, &before, 8);
    long pid = mapped(rows, &header);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, NULL, &after, 8);
    check(pid > 0 && tid == pid && pidfd >= 0 && header.failed == NULL, "a child, its pid and its pidfd");
    check(before == after, "the mask as before");
    check(fcntl(50, F_GETFD) == -1, "our descriptors as before");
    siginfo_t info = reaped();
    check(info.si_pid == pid && info.si_code == CLD_EXITED && info.si_status == code, "the code that the child was told");
    close(pipe[0]);
    close(pipe[1]);
}

/* A child whose third step fails: which one and why is told, and nothing else happens. */
static void bad(int by_clone3) {
    struct row rows[] = {
        first(by_clone3),
        row(SYS_close_range, 3, ~0U, 2, 0, 0),
        row(SYS_getpid, 0, 0, 0, 0, 0),
        row(SYS_dup3, 77, 5, 0, 0, 0),
        row(SYS_exit_group, 99, 0, 0, 0, 0),
    };
    rows[2].flags = 1;
    rows[2].number = 100000; /* fails, and goes on */
    struct header header = {.blocked = -1};
    int signalled = handled;
    long pid = mapped(rows, &header);
    check(pid > 0 && header.failed == &rows[3] && (long)header.error == -EBADF, "the step that failed, and why");
    check(handled == signalled, "no SIGCHLD of a start that failed");
    check(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD, "nothing for a plain wait");
    siginfo_t info = reaped();
    check(info.si_status == 127, "its code");
}

static void none(void) {
    struct row rows[] = {row(SYS_clone3, 0, 0, 0, 0, 0)};
    struct header header = {.blocked = -1};
    check(mapped(rows, &header) == -EINVAL, "the clone's own error");
}

/* The handler writes each signal's number to the descriptor that is appended to it. */
static void heard(void) {
    enum { LENGTH = 32 };
    int pipe[2];
    check(pipe2(pipe, O_CLOEXEC) == 0, "a pipe");
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(page, signal_code, LENGTH);
    memcpy(page + LENGTH, &pipe[1], sizeof pipe[1]);
    check(mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0, "executable");
    __builtin___clear_cache(page, page + LENGTH + 4);
    struct sigaction action = {.sa_handler = (void (*)(int))page, .sa_flags = SA_RESTART | SA_NOCLDSTOP};
    sigaction(SIGUSR1, &action, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        long number = 0;
        raise(SIGUSR1);
        check(read(pipe[0], &number, sizeof number) == sizeof number && (number & 0xff) == SIGUSR1, "the signal's number");
    }
}

static int child(void) {
    char byte;
    sigset_t mask;
    struct sigaction action;
    int clean = sigprocmask(SIG_SETMASK, NULL, &mask) == 0 && sigismember(&mask, SIGUSR1) == 0
            && sigaction(SIGCHLD, NULL, &action) == 0 && action.sa_handler == SIG_DFL && getpgrp() == getpid() && umask(0) == 077;
    return clean && read(50, &byte, 1) == 1 ? (unsigned char)byte : 255;
}

int main(int count, char **arguments) {
    if (count > 1)
        return child();
    mkdir("/proc", 0755);
    mount("proc", "/proc", "proc", 0, NULL);
    signal(SIGCHLD, handler);
    map();
    none();
    heard();
    for (int i = 0; i < ROUNDS; i++) {
        good(i % 2, i % 200);
        bad(i % 2);
    }
    printf("%d children by clone and by clone3, and as many that failed\n", ROUNDS);
    (void)arguments;
    stop("PROVEN");
}
