/*
 * What C reaches with the same calls: posix_spawn with the library's attributes, or clone3 and the calls that are needed; a pidfd, epoll,
 * waitid with the usage.
 *
 *   limit starts PROGRAM COUNT IN_FLIGHT    starts a second
 *   limit clones PROGRAM COUNT IN_FLIGHT    the same by clone3 in place of posix_spawn
 *   limit delay PROGRAM COUNT LIVE          the median of the time from a kill to the reaped child, in microseconds
 *
 * Measures, and prints, once for each line that it reads.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

extern char **environ;

static int epoll;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what, int error) {
    fprintf(stderr, "%s: %s\n", what, strerror(error));
    exit(1);
}

static void watch(int pidfd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = pidfd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, pidfd, &event))
        fail("epoll_ctl", errno);
}

/* A system call that uses no stack: the child has its parent's. */
static inline __attribute__((always_inline)) long raw(long number, long a, long b, long c, long d) {
#if defined(__x86_64__)
    register long r10 __asm__("r10") = d;
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
    return result;
#else
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
#endif
}

/* Starts a child by clone3 and watches it: its pidfd. */
static int start_clone(char **argv) {
    uint64_t all = -1, none = 0, mask;
    int pidfd = -1;
    struct clone_args args = {
        .flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | CLONE_FILES | CLONE_CLEAR_SIGHAND,
        .pidfd = (uintptr_t)&pidfd,
    };
    raw(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all, (long)&mask, 8);
    long pid = raw(SYS_clone3, (long)&args, sizeof args, 0, 0);
    if (pid == 0) {
        raw(SYS_close_range, 3, ~0U, 2 /* CLOSE_RANGE_UNSHARE */, 0);
        for (int fd = 0; fd < 3; fd++)
            raw(SYS_fcntl, fd, F_SETFD, 0, 0);
        raw(SYS_rt_sigprocmask, SIG_SETMASK, (long)&none, 0, 8);
        raw(SYS_execve, (long)argv[0], (long)argv, (long)environ, 0);
        raw(SYS_exit_group, 127, 0, 0, 0);
    }
    raw(SYS_rt_sigprocmask, SIG_SETMASK, (long)&mask, 0, 8);
    if (pid < 0)
        fail("clone3", (int)-pid);
    watch(pidfd);
    return pidfd;
}

/* Starts a child by posix_spawn and watches it: its pidfd. */
static int start(char **argv) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_init(&actions);
    for (int fd = 0; fd < 3; fd++)
        posix_spawn_file_actions_adddup2(&actions, fd, fd);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    pid_t pid;
    int error = posix_spawn(&pid, argv[0], &actions, &attributes, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error)
        fail("posix_spawn", error);
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (pidfd < 0)
        fail("pidfd_open", errno);
    watch(pidfd);
    return pidfd;
}

/* Waits for deaths and reaps them: how many. */
static int reap(void) {
    struct epoll_event events[64];
    int count = epoll_wait(epoll, events, 64, -1);
    for (int i = 0; i < count; i++) {
        int pidfd = events[i].data.fd;
        siginfo_t info;
        struct rusage usage;
        if (syscall(SYS_waitid, P_PIDFD, pidfd, &info, WEXITED, &usage))
            fail("waitid", errno);
        epoll_ctl(epoll, EPOLL_CTL_DEL, pidfd, NULL);
        close(pidfd);
    }
    return count;
}

static double starts(int (*one)(char **), char *program, int count, int in_flight) {
    char *argv[] = {program, NULL};
    int started = 0, live = 0;
    double begin = now();
    while (started < count || live > 0) {
        while (started < count && live < in_flight) {
            one(argv);
            started++;
            live++;
        }
        live -= reap();
    }
    return count / (now() - begin);
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double delay(char **argv, int *pidfds, int count, int live) {
    double *times = calloc(count, sizeof *times);
    for (int i = 0; i < count; i++) {
        int which = i % live;
        double begin = now();
        syscall(SYS_pidfd_send_signal, pidfds[which], SIGKILL, NULL, 0);
        reap();
        times[i] = now() - begin;
        pidfds[which] = start(argv);
        usleep(500);
    }
    qsort(times, count, sizeof *times, compare);
    double median = times[count / 2] * 1e6;
    free(times);
    return median;
}

static void serve_delays(char *program, int count, int live) {
    char *argv[] = {program, "wait", NULL}, line[8];
    int *pidfds = calloc(live, sizeof *pidfds);
    for (int i = 0; i < live; i++)
        pidfds[i] = start(argv);
    puts("ready");
    while (fgets(line, sizeof line, stdin))
        printf("%.1f\n", delay(argv, pidfds, count, live));
    for (int i = 0; i < live; i++) {
        syscall(SYS_pidfd_send_signal, pidfds[i], SIGKILL, NULL, 0);
        reap();
    }
    free(pidfds);
}

static void serve_starts(int (*one)(char **), char *program, int count, int in_flight) {
    char line[8];
    puts("ready");
    while (fgets(line, sizeof line, stdin))
        printf("%.1f\n", starts(one, program, count, in_flight));
}

int main(int argc, char **argv) {
    if (argc != 5)
        return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    int count = atoi(argv[3]), at_once = atoi(argv[4]);
    if (!strcmp(argv[1], "delay"))
        serve_delays(argv[2], count, at_once);
    else
        serve_starts(strcmp(argv[1], "clones") ? start : start_clone, argv[2], count, at_once);
    return 0;
}
