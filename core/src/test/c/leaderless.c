/*
 * Ends its first thread while a second one runs on. That one waits for the end of the input, then exits with 6, or executes the
 * program that is given.
 */
#include <pthread.h>
#include <unistd.h>

static void *second(void *arg) {
    char **argv = arg;
    char byte;
    while (read(0, &byte, 1) > 0) {
    }
    if (argv[1] != 0) {
        execv(argv[1], argv + 1);
    }
    _exit(6);
}

int main(int argc, char **argv) {
    pthread_t thread;
    (void) argc;
    if (pthread_create(&thread, 0, second, argv) != 0) {
        return 1;
    }
    pthread_exit(0);
}
