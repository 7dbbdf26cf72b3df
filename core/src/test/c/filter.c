/*
 * filter REFUSAL... -- PROGRAM ARGUMENT...: executes a program under a seccomp filter, as containers have them. Refusals:
 *
 *   clone3        answered with ENOSYS, after which libc makes its threads by clone
 *   clone         only where it asks for a pidfd and for what vfork does, which no thread and no posix_spawn does: EPERM
 *   close_range   ENOSYS
 *   mprotect      only one that asks for exactly "read and execute": EACCES
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define LOW(argument) (offsetof(struct seccomp_data, args) + 8 * (argument)) /* little-endian */
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define ANSWER(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))

#define VFORK_WITH_PIDFD (CLONE_VFORK | CLONE_PIDFD)

static struct sock_filter code[64];
static unsigned short length;

static void add(struct sock_filter instruction) {
    code[length++] = instruction;
}

/* Answers one call with an error. */
static void refuse(unsigned number, int error) {
    add((struct sock_filter) LOAD(offsetof(struct seccomp_data, nr)));
    add((struct sock_filter) UNLESS(number, 1));
    add((struct sock_filter) ANSWER(error));
}

/* The same, only where the masked low half of an argument has a value. */
static void refuse_if(unsigned number, int argument, unsigned mask, unsigned value, int error) {
    add((struct sock_filter) LOAD(offsetof(struct seccomp_data, nr)));
    add((struct sock_filter) UNLESS(number, 4));
    add((struct sock_filter) LOAD(LOW(argument)));
    add((struct sock_filter) BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
    add((struct sock_filter) UNLESS(value, 1));
    add((struct sock_filter) ANSWER(error));
}

static int refuse_named(const char *name) {
    if (strcmp(name, "clone3") == 0) {
        refuse(SYS_clone3, ENOSYS);
    } else if (strcmp(name, "clone") == 0) {
        refuse_if(SYS_clone, 0, VFORK_WITH_PIDFD, VFORK_WITH_PIDFD, EPERM);
    } else if (strcmp(name, "close_range") == 0) {
        refuse(SYS_close_range, ENOSYS);
    } else if (strcmp(name, "mprotect") == 0) {
        refuse_if(SYS_mprotect, 2, ~0U, PROT_READ | PROT_EXEC, EACCES);
    } else {
        return 0;
    }
    return 1;
}

int main(int argc, char **argv) {
    int i = 1;
    while (i < argc && strcmp(argv[i], "--") != 0) {
        if (!refuse_named(argv[i++])) {
            return 2;
        }
    }
    if (i + 1 >= argc) {
        return 2;
    }
    add((struct sock_filter) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    struct sock_fprog program = {length, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        perror("seccomp");
        return 3;
    }
    execvp(argv[i + 1], argv + i + 1);
    perror(argv[i + 1]);
    return 4;
}
