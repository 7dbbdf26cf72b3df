/*
 * Writes so many bytes to its output, 64 KiB at a time: flood BYTES
 * Or a line, and then lives until it is killed: flood line
 * Or nothing, and reads all of its input: flood read
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **words) {
    static char block[64 * 1024];
    if (count > 1 && strcmp(words[1], "line") == 0)
        return write(1, "line\n", 5) == 5 ? pause() : 1;
    if (count > 1 && strcmp(words[1], "read") == 0) {
        while (read(0, block, sizeof block) > 0)
            continue;
        return 0;
    }
    long left = count > 1 ? atol(words[1]) : 0;
    while (left > 0) {
        long size = left < (long)sizeof block ? left : (long)sizeof block;
        long written = write(1, block, size);
        if (written < 0)
            return 1;
        left -= written;
    }
    return 0;
}
