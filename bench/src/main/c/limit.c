/*
 * What C reaches with the same calls: posix_spawn with the library's attributes, a pidfd, epoll, waitid with the usage.
 *
 *   limit starts PROGRAM COUNT IN_FLIGHT    prints starts a second
 *   limit delay PROGRAM COUNT LIVE          prints the median of the time from a kill to the reaped child, in microseconds
 */
#define _GNU_SOURCE
#include <errno.h>
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

/* Starts a child and watches it: its pidfd. */
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
    struct epoll_event event = {.events = EPOLLIN, .data.fd = pidfd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, pidfd, &event))
        fail("epoll_ctl", errno);
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

static void starts(char *program, int count, int in_flight) {
    char *argv[] = {program, NULL};
    int started = 0, live = 0;
    double begin = now();
    while (started < count || live > 0) {
        while (started < count && live < in_flight) {
            start(argv);
            started++;
            live++;
        }
        live -= reap();
    }
    printf("%.1f\n", count / (now() - begin));
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void delay(char *program, int count, int live) {
    char *argv[] = {program, "wait", NULL};
    int *pidfds = calloc(live, sizeof *pidfds);
    double *times = calloc(count, sizeof *times);
    for (int i = 0; i < live; i++)
        pidfds[i] = start(argv);
    for (int i = 0; i < count; i++) {
        int which = i % live;
        double begin = now();
        syscall(SYS_pidfd_send_signal, pidfds[which], SIGKILL, NULL, 0);
        reap();
        times[i] = now() - begin;
        pidfds[which] = start(argv);
        usleep(500);
    }
    for (int i = 0; i < live; i++) {
        syscall(SYS_pidfd_send_signal, pidfds[i], SIGKILL, NULL, 0);
        reap();
    }
    qsort(times, count, sizeof *times, compare);
    printf("%.1f\n", times[count / 2] * 1e6);
}

int main(int argc, char **argv) {
    if (argc != 5)
        return 2;
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!strcmp(argv[1], "starts"))
        starts(argv[2], atoi(argv[3]), atoi(argv[4]));
    else
        delay(argv[2], atoi(argv[3]), atoi(argv[4]));
    return 0;
}
