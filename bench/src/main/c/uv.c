/*
 * libuv at the same work: uv COMMAND NAME=VALUE..., with the words that limit.c has, on its default loop.
 */
#include "work.h"
#include <signal.h>
#include <uv.h>

struct child {
    uv_process_t process;
    uv_pipe_t ends[3];
    int left; /* handles that are open */
};

static uv_loop_t *loop;
static int pipes, live;
static long came;
static char *argv[3];

static void closed(uv_handle_t *handle) {
    struct child *child = handle->data;
    if (--child->left == 0) {
        free(child);
        live--;
    }
}

static void ended(uv_process_t *process, int64_t status, int signal) {
    struct child *child = process->data;
    uv_close((uv_handle_t *)process, closed);
    if (pipes == 3)
        uv_close((uv_handle_t *)&child->ends[0], closed);
}

static void room(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    static char bytes[64 * 1024];
    *buffer = uv_buf_init(bytes, sizeof bytes);
}

static void got(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer) {
    if (count < 0)
        uv_close((uv_handle_t *)stream, closed);
    else
        came += count;
}

static struct child *start(void) {
    struct child *child = calloc(1, sizeof *child);
    uv_stdio_container_t stdio[3];
    uv_process_options_t options = {.exit_cb = ended, .file = argv[0], .args = argv, .stdio_count = 3, .stdio = stdio};
    for (int fd = 0; fd < 3; fd++) {
        stdio[fd].flags = UV_INHERIT_FD;
        stdio[fd].data.fd = fd;
        if (pipes != 3 && (pipes != 1 || fd != 1))
            continue;
        uv_pipe_init(loop, &child->ends[fd], 0);
        child->ends[fd].data = child;
        child->left++;
        stdio[fd].flags = UV_CREATE_PIPE | (fd == 0 ? UV_READABLE_PIPE : UV_WRITABLE_PIPE);
        stdio[fd].data.stream = (uv_stream_t *)&child->ends[fd];
    }
    int error = uv_spawn(loop, &child->process, &options);
    if (error)
        fail("uv_spawn", -error);
    child->process.data = child;
    child->left++;
    for (int fd = 1; fd < 3; fd++)
        if (stdio[fd].flags != UV_INHERIT_FD)
            uv_read_start(stdio[fd].data.stream, room, got);
    live++;
    return child;
}

static void run_all(long count, int flight) {
    for (long started = 0; started < count || live > 0; uv_run(loop, UV_RUN_ONCE))
        for (; started < count && live < flight; started++)
            start();
}

static void starts(void) {
    long count = number("count", 0);
    struct stamp begin = stamp();
    run_all(count, number("flight", 1));
    print_starts(begin, count);
}

static void bytes(void) {
    int children = number("children", 1);
    double begin = now();
    came = 0;
    run_all(children, children);
    printf("%.1f\n", came / (now() - begin) / 1024 / 1024);
}

static struct child **waiting;

static void keep(long most) {
    if (!waiting)
        waiting = calloc(most, sizeof *waiting);
    for (long i = live; i < most; i++)
        waiting[i] = start();
}

static void kill_all(void) {
    for (int i = 0, all = live; i < all; i++)
        uv_process_kill(&waiting[i]->process, SIGKILL);
    while (live > 0)
        uv_run(loop, UV_RUN_ONCE);
}

static void delay(void) {
    long count = number("count", 0), most = number("live", 1);
    double *times = calloc(count, sizeof *times);
    keep(most);
    for (long i = 0; i < count; i++) {
        double begin = now();
        uv_process_kill(&waiting[i % most]->process, SIGKILL);
        while (live == most)
            uv_run(loop, UV_RUN_ONCE);
        times[i] = now() - begin;
        waiting[i % most] = start();
        usleep(500);
    }
    print_delays(times, count);
    free(times);
}

static void kill_at_once(void) {
    keep(number("count", 0));
    int count = live;
    struct stamp begin = stamp();
    kill_all();
    print_ends(begin, count);
}

int main(int count, char **given) {
    if (count < 2)
        return 2;
    words = given;
    char *work = given[1];
    setvbuf(stdout, NULL, _IOLBF, 0);
    loop = uv_default_loop();
    argv[0] = word("program", NULL);
    pipes = number("pipes", 0);
    open_others();
    if (number("threads", 1) > 1)
        cannot("is one loop on one thread");
    if (!strcmp(work, "starts")) {
        serve(starts);
    } else if (!strcmp(work, "delay") || !strcmp(work, "kill")) {
        argv[1] = "wait";
        serve(strcmp(work, "delay") ? kill_at_once : delay);
        kill_all();
    } else if (!strcmp(work, "bytes") || !strcmp(work, "collect")) {
        argv[1] = word("bytes", "0");
        pipes = 1;
        serve(strcmp(work, "bytes") ? starts : bytes);
    } else {
        cannot("is no work of a C program");
    }
    return 0;
}
