/* The smallest child: ends at once, or when it is killed if it is given an argument. Static, without libc's start-up. */
#include <unistd.h>

int main(int argc, char **argv) {
    (void)argv;
    if (argc > 1)
        pause();
    _exit(0);
}
