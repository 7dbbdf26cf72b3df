/*
 * What C reaches with the same calls: posix_spawn with the library's attributes, or clone3 and the calls that are needed; a pidfd, epoll,
 * waitid with the usage.
 *
 *   limit clone|spawn starts program= count= flight= [pipes=0|3] [threads=] [others=]
 *   limit clone|spawn delay program= count= live=        from a kill to the reaped child
 *   limit clone|spawn kill program= count= [pipes=]      so many, killed at once
 *   limit clone|spawn bytes program= bytes= children= [pipe=]      MiB a second that they write, the pipes made of that size
 *   limit clone|spawn collect program= bytes= count= flight=       short outputs a second
 */
#include "work.h"
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

enum { OUT = 1, ERR = 2, PIDFD = 3 };

extern char **environ;

/* Descriptors by what they are: the pipes to 0, 1 and 2, and the pidfd. left: how many of those that are waited for have not ended. */
struct child {
    int fds[4];
    int left;
};

struct loop {
    int epoll, live, spares;
    struct child *children;
    int *spare;
    long came;
};

static int (*way)(char **argv, int *theirs);
static int pipes, pipe_size;

static struct loop loop_of(int most) {
    struct loop loop = {.epoll = epoll_create1(EPOLL_CLOEXEC), .spares = most};
    loop.children = calloc(most, sizeof *loop.children);
    loop.spare = calloc(most, sizeof *loop.spare);
    for (int i = 0; i < most; i++)
        loop.spare[i] = most - 1 - i;
    return loop;
}

static void end_loop(struct loop *loop) {
    free(loop->children);
    free(loop->spare);
    close(loop->epoll);
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

static int start_clone(char **argv, int *theirs) {
    uint64_t all = -1, none = 0, mask;
    int pidfd = -1, last = 2;
    struct clone_args args = {
        .flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | CLONE_FILES | CLONE_CLEAR_SIGHAND,
        .pidfd = (uintptr_t)&pidfd,
    };
    for (int i = 0; i < 3; i++)
        last = theirs[i] > last ? theirs[i] : last;
    raw(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all, (long)&mask, 8);
    long pid = raw(SYS_clone3, (long)&args, sizeof args, 0, 0);
    if (pid == 0) {
        raw(SYS_close_range, last + 1, ~0U, 2 /* CLOSE_RANGE_UNSHARE */, 0);
        for (int fd = 0; fd < 3; fd++)
            if (theirs[fd] >= 0)
                raw(SYS_dup3, theirs[fd], fd, 0, 0);
            else
                raw(SYS_fcntl, fd, F_SETFD, 0, 0);
        raw(SYS_rt_sigprocmask, SIG_SETMASK, (long)&none, 0, 8);
        raw(SYS_execve, (long)argv[0], (long)argv, (long)environ, 0);
        raw(SYS_exit_group, 127, 0, 0, 0);
    }
    raw(SYS_rt_sigprocmask, SIG_SETMASK, (long)&mask, 0, 8);
    if (pid < 0)
        fail("clone3", (int)-pid);
    return pidfd;
}

static int start_spawn(char **argv, int *theirs) {
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
        posix_spawn_file_actions_adddup2(&actions, theirs[fd] >= 0 ? theirs[fd] : fd, fd);
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
    return pidfd;
}

static void watch(struct loop *loop, int child, int what) {
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)child << 2 | what};
    if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->children[child].fds[what], &event))
        fail("epoll_ctl", errno);
    loop->children[child].left++;
}

static void make_pipe(struct child *child, int number, int *theirs) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC))
        fail("pipe2", errno);
    int ours = ends[number == 0];
    theirs[number] = ends[number != 0];
    if (fcntl(ours, F_SETFL, O_NONBLOCK) || (pipe_size && fcntl(ours, F_SETPIPE_SZ, pipe_size) < 0))
        fail("fcntl", errno);
    child->fds[number] = ours;
}

/* Starts a child and watches it: its place. */
static int start(struct loop *loop, char **argv) {
    int which = loop->spare[--loop->spares], theirs[3] = {-1, -1, -1};
    struct child *child = &loop->children[which];
    child->left = 0;
    for (int fd = 0; fd < 3; fd++)
        if (pipes == 3 || (pipes == 1 && fd == OUT))
            make_pipe(child, fd, theirs);
        else
            child->fds[fd] = -1;
    child->fds[PIDFD] = way(argv, theirs);
    for (int fd = 0; fd < 3; fd++)
        if (theirs[fd] >= 0)
            close(theirs[fd]);
    for (int fd = OUT; fd <= PIDFD; fd++)
        if (child->fds[fd] >= 0)
            watch(loop, which, fd);
    loop->live++;
    return which;
}

static void reap(struct child *child) {
    siginfo_t info;
    struct rusage usage;
    if (syscall(SYS_waitid, P_PIDFD, child->fds[PIDFD], &info, WEXITED, &usage))
        fail("waitid", errno);
    if (child->fds[0] >= 0)
        close(child->fds[0]);
}

/* Whether nothing more comes. */
static int drain(struct loop *loop, int fd) {
    static __thread char buffer[64 * 1024];
    for (int i = 0; i < 4; i++) {
        ssize_t count = read(fd, buffer, sizeof buffer);
        if (count <= 0)
            return count == 0;
        loop->came += count;
    }
    return 0;
}

/* Waits, and does what there is to do. */
static void turn(struct loop *loop) {
    struct epoll_event events[64];
    int count = epoll_wait(loop->epoll, events, 64, -1);
    for (int i = 0; i < count; i++) {
        int which = events[i].data.u32 >> 2, what = events[i].data.u32 & 3;
        struct child *child = &loop->children[which];
        int fd = child->fds[what];
        if (what == PIDFD)
            reap(child);
        else if (!drain(loop, fd))
            continue;
        epoll_ctl(loop->epoll, EPOLL_CTL_DEL, fd, NULL);
        close(fd);
        if (--child->left == 0) {
            loop->spare[loop->spares++] = which;
            loop->live--;
        }
    }
}

static void kill_child(struct loop *loop, int which) {
    syscall(SYS_pidfd_send_signal, loop->children[which].fds[PIDFD], SIGKILL, NULL, 0);
}

struct share {
    char **argv;
    int count, flight;
    long came;
};

static void *run_share(void *given) {
    struct share *share = given;
    struct loop loop = loop_of(share->flight);
    for (int started = 0; started < share->count || loop.live > 0; turn(&loop))
        for (; started < share->count && loop.live < share->flight; started++)
            start(&loop, share->argv);
    share->came = loop.came;
    end_loop(&loop);
    return NULL;
}

static long run_all(char **argv, int count, int flight, int threads) {
    pthread_t others[16];
    struct share shares[16];
    long came = 0;
    for (int i = 0; i < threads; i++)
        shares[i] = (struct share){.argv = argv, .count = count / threads, .flight = flight / threads};
    for (int i = 1; i < threads; i++)
        pthread_create(&others[i], NULL, run_share, &shares[i]);
    run_share(&shares[0]);
    for (int i = 1; i < threads; i++)
        pthread_join(others[i], NULL);
    for (int i = 0; i < threads; i++)
        came += shares[i].came;
    return came;
}

static void starts(void) {
    char *argv[] = {word("program", NULL), NULL};
    int count = number("count", 0);
    struct stamp begin = stamp();
    run_all(argv, count, number("flight", 1), number("threads", 1));
    print_starts(begin, count);
}

static void collect(void) {
    char *argv[] = {word("program", NULL), word("bytes", "0"), NULL};
    int count = number("count", 0);
    struct stamp begin = stamp();
    if (run_all(argv, count, number("flight", 1), 1) != number("bytes", 0) * count)
        fail("too few bytes", EIO);
    print_starts(begin, count);
}

static void bytes(void) {
    char *argv[] = {word("program", NULL), word("bytes", "0"), NULL};
    int children = number("children", 1);
    double begin = now();
    long came = run_all(argv, children, children, 1);
    printf("%.1f\n", came / (now() - begin) / 1024 / 1024);
}

static struct loop waiting;

static void delay(void) {
    char *argv[] = {word("program", NULL), "wait", NULL};
    int count = number("count", 0), live = number("live", 1);
    double *times = calloc(count, sizeof *times);
    while (waiting.live < live)
        start(&waiting, argv);
    for (int i = 0; i < count; i++) {
        double begin = now();
        kill_child(&waiting, i % live);
        turn(&waiting);
        times[i] = now() - begin;
        start(&waiting, argv); /* takes the place that has become free */
        usleep(500);
    }
    print_delays(times, count);
    free(times);
}

static void kill_all(struct loop *loop) {
    for (int i = loop->live - 1; i >= 0; i--)
        kill_child(loop, i);
    while (loop->live > 0)
        turn(loop);
}

static void kill_at_once(void) {
    char *argv[] = {word("program", NULL), "wait", NULL};
    int count = number("count", 0);
    struct loop loop = loop_of(count);
    while (loop.live < count)
        start(&loop, argv);
    struct stamp begin = stamp();
    kill_all(&loop);
    print_ends(begin, count);
    end_loop(&loop);
}

int main(int argc, char **argv) {
    if (argc < 3)
        return 2;
    words = argv;
    setvbuf(stdout, NULL, _IOLBF, 0);
    way = strcmp(argv[1], "clone") ? start_spawn : start_clone;
    pipes = number("pipes", 0);
    pipe_size = number("pipe", 0);
    open_others();
    if (!strcmp(argv[2], "starts")) {
        serve(starts);
    } else if (!strcmp(argv[2], "delay")) {
        waiting = loop_of(number("live", 1));
        serve(delay);
        kill_all(&waiting);
    } else if (!strcmp(argv[2], "kill")) {
        serve(kill_at_once);
    } else if (!strcmp(argv[2], "bytes") || !strcmp(argv[2], "collect")) {
        pipes = 1;
        serve(strcmp(argv[2], "bytes") ? collect : bytes);
    } else {
        cannot("is no work of a C program");
    }
    return 0;
}
