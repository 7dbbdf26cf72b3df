/*
 * What C reaches when it reads what a child writes: reader FLOOD BYTES PIPE
 * Prints MiB a second, with a pipe of PIPE bytes and reads of 64 KiB when epoll says so.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what, int error) {
    fprintf(stderr, "%s: %s\n", what, strerror(error));
    exit(1);
}

static double measure(char *program, char *bytes, int size) {
    static char buffer[64 * 1024];
    int ends[2];
    pid_t pid;
    posix_spawn_file_actions_t actions;
    char *words[] = {program, bytes, NULL};
    if (pipe2(ends, O_CLOEXEC) || fcntl(ends[0], F_SETPIPE_SZ, size) < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK))
        fail("pipe", errno);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event);
    double begin = now();
    int error = posix_spawn(&pid, program, &actions, NULL, words, environ);
    if (error)
        fail("posix_spawn", error);
    close(ends[1]);
    long sum = 0, count = -1;
    while (count != 0) {
        epoll_wait(epoll, &event, 1, -1);
        for (int i = 0; i < 4 && (count = read(ends[0], buffer, sizeof buffer)) > 0; i++)
            sum += count;
    }
    waitpid(pid, NULL, 0);
    double rate = sum / (now() - begin) / 1024 / 1024;
    close(ends[0]);
    close(epoll);
    return rate;
}

int main(int count, char **words) {
    if (count != 4)
        fail("reader FLOOD BYTES PIPE", EINVAL);
    measure(words[1], words[2], atoi(words[3]));
    printf("%.1f\n", measure(words[1], words[2], atoi(words[3])));
    return 0;
}
