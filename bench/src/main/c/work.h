/*
 * What the C subjects share: the words they are called with (WORK NAME=VALUE...), clocks, and how they take turns. A subject prints
 * "ready", or "cannot" and why; then it does a piece of the work for each line that it reads, and prints the figures of it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static char **words;

static void fail(const char *what, int error) {
    fprintf(stderr, "%s: %s\n", what, strerror(error));
    exit(1);
}

static void cannot(const char *why) {
    printf("cannot %s\n", why);
    exit(0);
}

static char *word(const char *name, char *otherwise) {
    size_t length = strlen(name);
    for (char **at = words; *at; at++)
        if (!strncmp(*at, name, length) && (*at)[length] == '=')
            return *at + length + 1;
    return otherwise;
}

static long number(const char *name, long otherwise) {
    char *found = word(name, NULL);
    return found ? atol(found) : otherwise;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

/* Seconds on the clock and on the processors, from which a piece of work is counted. */
struct stamp {
    double wall, user, system;
};

static struct stamp stamp(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    struct stamp all = {
        .wall = now(),
        .user = usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6,
        .system = usage.ru_stime.tv_sec + usage.ru_stime.tv_usec / 1e6,
    };
    return all;
}

/* Starts a second, and microseconds of the processor for each: all, and the program's own. */
static void print_starts(struct stamp begin, long count) {
    struct stamp end = stamp();
    double user = end.user - begin.user;
    printf("%.1f %.3f %.3f\n", count / (end.wall - begin.wall), (user + end.system - begin.system) * 1e6 / count,
           user * 1e6 / count);
}

/* Microseconds each on the clock, and of the processor. */
static void print_ends(struct stamp begin, long count) {
    struct stamp end = stamp();
    printf("%.3f %.3f\n", (end.wall - begin.wall) * 1e6 / count,
           (end.user - begin.user + end.system - begin.system) * 1e6 / count);
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median, 99 of 100, and the longest, in microseconds. */
static void print_delays(double *seconds, long count) {
    qsort(seconds, count, sizeof *seconds, compare);
    printf("%.2f %.2f %.2f\n", seconds[count / 2] * 1e6, seconds[count * 99 / 100] * 1e6, seconds[count - 1] * 1e6);
}

/* Descriptors that are open besides. */
static void open_others(void) {
    for (long left = number("others", 0); left > 0; left--)
        if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0)
            cannot("open so many descriptors");
}

static void serve(void (*piece)(void)) {
    char line[8];
    puts("ready");
    while (fgets(line, sizeof line, stdin))
        piece();
}
