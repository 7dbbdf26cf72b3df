/*
 * Writes to a file, its first argument, what a command sees of the place where it was started: those parts that its second argument names by
 * their letters, and then its other arguments. Or, called as "odd", executes its arguments with an environment that no shell would pass on.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

extern char **environ;
static FILE *out;

static char *const odd[] = {
    "PATH=/usr/local/bin:/usr/bin:/bin", "A=1", "x.y=z", "A=2", "no equals", "", "=first", "PWD=/no/where", "OLDPWD=", "SHLVL=7",
    "_=/un/der", "JAVA_TOOL_OPTIONS=-javaagent:/no/such.jar", "JDK_JAVA_OPTIONS=@/no/such", "_JAVA_OPTIONS=-Xms2000g",
    "CLASSPATH=/no/where", "_JAVA_SR_SIGNUM=60", "_JAVA_LAUNCHER_DEBUG=1", "JAVA_TOOL_OPTIONS=-Xwrong",
    "%AVA_TOOL_OPTIONS=-mine", "BASH_FUNC_f%%=() {  echo f\n}", "bytes=\xff\xfe\x01", "long name with \"quotes\"=' '",
    "BROOD_JAVA_OPTIONS=-Dx=y  -Dz", "PS1=$ ", "IFS=x", "TINI_VERBOSITY=1", "A=3", NULL,
};

static void escaped(const char *label, const char *text, size_t size) {
    fprintf(out, "%s: ", label);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char) text[i];
        fprintf(out, c > ' ' && c < 127 && c != '\\' ? "%c" : "\\%02x", c);
    }
    fputc('\n', out);
}

static void environment(void) {
    for (char **entry = environ; *entry != NULL; entry++) {
        escaped("variable", *entry, strlen(*entry));
    }
}

static void descriptors(int own) {
    for (int number = 0; number < 4096; number++) {
        int flags = fcntl(number, F_GETFD);
        if (flags >= 0 && number != own) {
            char link[64], target[4096] = "";
            snprintf(link, sizeof link, "/proc/self/fd/%d", number);
            ssize_t size = readlink(link, target, sizeof target - 1);
            fprintf(out, "descriptor %d: %s, %o, %o\n", number, size < 0 ? "?" : target, flags, fcntl(number, F_GETFL));
        }
    }
}

static void signals(void) {
    unsigned long blocked = 0;
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &blocked, 8);
    fprintf(out, "blocked: %lx\nignored:", blocked);
    for (int signal = 1; signal <= 64; signal++) {
        unsigned long action[4] = {0, 0, 0, 0}; /* the kernel's; 32 and 33 are libc's, which changes them as it likes */
        if (signal != 32 && signal != 33 && syscall(SYS_rt_sigaction, signal, NULL, action, 8) == 0 && action[0] == 1) {
            fprintf(out, " %d", signal);
        }
    }
    fputc('\n', out);
}

static void limits(void) {
    for (int resource = 0; resource < 16; resource++) {
        struct rlimit limit;
        if (getrlimit((__rlimit_resource_t) resource, &limit) == 0) {
            fprintf(out, "limit %d: %lld %lld\n", resource, (long long) limit.rlim_cur, (long long) limit.rlim_max);
        }
    }
}

static void file(const char *label, const char *path) {
    char text[4096];
    FILE *in = fopen(path, "re");
    size_t size = in == NULL ? 0 : fread(text, 1, sizeof text, in);
    escaped(label, text, size);
    if (in != NULL) {
        fclose(in);
    }
}

static void place(void) {
    char text[4096];
    mode_t mask = umask(0);
    fprintf(out, "umask: %o\n", mask);
    errno = 0;
    fprintf(out, "nice: %d\n", getpriority(PRIO_PROCESS, 0));
    fprintf(out, "I/O priority: %ld\n", syscall(SYS_ioprio_get, 1, 0));
    fprintf(out, "directory: %s\n", getcwd(text, sizeof text) == NULL ? "?" : text);
    fprintf(out, "user: %d %d %d %d\n", getuid(), geteuid(), getgid(), getegid());
    fprintf(out, "session: %d\n", getsid(0));
    file("cgroup", "/proc/self/cgroup");
    file("score", "/proc/self/oom_score_adj");
    FILE *in = fopen("/proc/self/status", "re");
    while (in != NULL && fgets(text, sizeof text, in) != NULL) {
        if (strncmp(text, "Cap", 3) == 0 || strncmp(text, "NoNewPrivs", 10) == 0 || strncmp(text, "Cpus_allowed:", 13) == 0
            || strncmp(text, "Seccomp:", 8) == 0 || strncmp(text, "Groups", 6) == 0) {
            fputs(text, out);
        }
    }
    if (in != NULL) {
        fclose(in);
    }
}

static void terminal(void) {
    struct termios modes;
    int is = tcgetattr(0, &modes) == 0;
    fprintf(out, "terminal: %d, in front: %d\n", is, is && tcgetpgrp(0) == getpgrp());
    if (is) {
        escaped("modes", (const char *) &modes, sizeof modes);
    }
}

int main(int count, char **arguments) {
    if (strstr(arguments[0], "odd") != NULL) {
        execve(arguments[1], arguments + 1, odd);
        perror(arguments[1]);
        return 1;
    }
    int own = open(arguments[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    own = own < 0 ? own : fcntl(own, F_DUPFD_CLOEXEC, 200);
    if (own < 0 || (out = fdopen(own, "w")) == NULL) {
        return 3;
    }
    for (int number = 0; number < 200; number++) { /* the one that fcntl has copied */
        if (fcntl(number, F_GETFD) == FD_CLOEXEC) {
            close(number);
        }
    }
    for (const char *part = arguments[2]; *part != 0; part++) {
        switch (*part) {
            case 'e': environment(); break;
            case 'd': descriptors(own); break;
            case 's': signals(); break;
            case 'l': limits(); break;
            case 'p': place(); break;
            case 'g': fprintf(out, "group: %d\n", getpgrp()); break;
            case 't': terminal(); break;
        }
    }
    for (int i = 3; i < count; i++) {
        escaped("word", arguments[i], strlen(arguments[i]));
    }
    return fclose(out) == 0 ? 0 : 3;
}
