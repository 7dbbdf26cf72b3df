/*
 * tracer PID: attaches to a process, says so with a line, and holds its zombie until the input ends.
 * tracer victim: lets anybody trace it, says so with a line, and exits with 7 when the input ends.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <unistd.h>

static void say_and_wait(void) {
    char byte;
    if (write(1, "ready\n", 6) != 6) {
        exit(1);
    }
    while (read(0, &byte, 1) > 0) {
    }
}

int main(int argc, char **argv) {
    if (argc != 2) {
        return 2;
    }
    if (strcmp(argv[1], "victim") == 0) {
        prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY); /* fails where nothing restricts tracers */
        say_and_wait();
        return 7;
    }
    if (ptrace(PTRACE_SEIZE, atoi(argv[1]), 0, 0) != 0) {
        return 3;
    }
    say_and_wait();
    return 0;
}
