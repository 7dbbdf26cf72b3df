/*
 * Stands before the JVM of the command line: puts down what this process was given, keeps it from harm while the JVM starts, and executes
 * java. What the command line starts gets all of it back; docs/run.md has the list.
 *
 * Without libc, which nothing here needs and which would take longer to start than all of this. Every system call's answer is looked at;
 * what cannot be done is said in one sentence, or left as it is where the command loses nothing by it.
 *
 * The words for the command line stand in one variable, BROOD_FOUND, as fields parted by blanks:
 *   blocked, ignored   signals, in hex, bit 0 for signal 1
 *   files              the soft and hard limit of descriptors, where the JVM raises the soft one
 *   closed             which of 0, 1 and 2 were missing
 *   open               the others that were open, as numbers and ranges
 *   one                there where 1 and 2 are one open file, as 2>&1 makes them, and not two of the same name
 *   taken              the variables that the JVM must not read: each its place among all, counted from 0, and its first letter, for which
 *                      there is a % in the variable itself
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

#ifndef SYS_close_range
#define SYS_close_range 436 /* Linux 5.9, alike on all architectures */
#endif

#define SIGNALS 64
#define LIMIT_FILES 7      /* RLIMIT_NOFILE, asm-generic/resource.h */
#define UNLIMITED UINT64_MAX
#define FEW 1024           /* how many descriptors are tried one by one without /proc */
#define WORDS 96           /* of the JVM: options of ours, of the image's file and of the user's */
#define SUSPEND "_JAVA_SR_SIGNUM=16" /* STKFLT, which nothing on Linux sends: USR2, which HotSpot takes else, is the command's */
#define OPTIONS "BROOD_JAVA_OPTIONS="
#define ENVIRON "BROOD_ENVIRON="
#define FOUND "BROOD_FOUND="

/* What the JVM and its start program read. The first letter is enough to hide one. */
static const char *const meant_for_others[] = {
    "JAVA_TOOL_OPTIONS=", "JDK_JAVA_OPTIONS=",      "_JAVA_OPTIONS=",     "CLASSPATH=",
    "_JAVA_SR_SIGNUM=",   "_JAVA_LAUNCHER_DEBUG=", "JDK_AOT_VM_OPTIONS=",
};

#if defined(__x86_64__)
__asm__(".globl _start\n"
        "_start: xor %ebp, %ebp\n"
        "        mov %rsp, %rdi\n"
        "        and $-16, %rsp\n"
        "        call begin\n");

static long system_call_of_5(long number, long a, long b, long c, long d, long e) {
    long result;
    register long fourth __asm__("r10") = d;
    register long fifth __asm__("r8") = e;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth)
                     : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
__asm__(".globl _start\n"
        "_start: mov x29, #0\n"
        "        mov x30, #0\n"
        "        mov x0, sp\n"
        "        b begin\n");

static long system_call_of_5(long number, long a, long b, long c, long d, long e) {
    register long call __asm__("x8") = number;
    register long first __asm__("x0") = a;
    register long second __asm__("x1") = b;
    register long third __asm__("x2") = c;
    register long fourth __asm__("x3") = d;
    register long fifth __asm__("x4") = e;
    __asm__ volatile("svc #0"
                     : "+r"(first)
                     : "r"(call), "r"(second), "r"(third), "r"(fourth), "r"(fifth)
                     : "memory");
    return first;
}
#else
#error "no system calls are known here for this architecture"
#endif

static long system_call(long number, long a, long b, long c, long d) {
    return system_call_of_5(number, a, b, c, d, 0);
}

/* GCC may call these for loops and initial values, whatever it is told. */
void *memset(void *to, int byte, size_t size) {
    for (char *at = to; size > 0; size--) {
        *at++ = (char) byte;
    }
    return to;
}

void *memcpy(void *to, const void *from, size_t size) {
    const char *source = from;
    for (char *at = to; size > 0; size--) {
        *at++ = *source++;
    }
    return to;
}

static size_t length(const char *text) {
    size_t size = 0;
    while (text[size] != 0) {
        size++;
    }
    return size;
}

static int begins(const char *text, const char *with) {
    while (*with != 0 && *text == *with) {
        text++;
        with++;
    }
    return *with == 0;
}

static int same(const char *one, const char *other) {
    return begins(one, other) && length(one) == length(other);
}

static void say(const char *text) {
    (void) system_call(SYS_write, 2, (long) text, (long) length(text), 0); /* there is nobody else to tell */
}

static void leave(int status) __attribute__((noreturn));
static void leave(int status) {
    for (;;) {
        system_call(SYS_exit_group, status, 0, 0, 0);
    }
}

static void fail(const char *first, const char *second, const char *third) __attribute__((noreturn));
static void fail(const char *first, const char *second, const char *third) {
    say("brood: ");
    say(first);
    say(second);
    say(third);
    say("\n");
    leave(1);
}

/* A text that grows. What has no room is left out, and that is known. */
struct text {
    char *bytes;
    size_t size, used;
    int full;
};

static void add(struct text *text, const char *what) {
    size_t more = length(what);
    if (text->full || more >= text->size - text->used) {
        text->full = 1;
        return;
    }
    memcpy(text->bytes + text->used, what, more + 1);
    text->used += more;
}

static void add_number(struct text *text, uint64_t number, unsigned base) {
    char digits[24];
    char *at = digits + sizeof digits;
    *--at = 0;
    do {
        *--at = "0123456789abcdef"[number % base];
        number /= base;
    } while (number > 0);
    add(text, at);
}

/* A JVM in a directory that is gone ends with a stack trace. */
static void require_directory(void) {
    static char place[4096];
    long size = system_call(SYS_getcwd, (long) place, sizeof place, 0, 0);
    if (size == -ENOENT) {
        fail("the working directory is gone", "", "");
    }
}

/* --- signals --- */

static uint64_t bit(int signal) {
    return (uint64_t) 1 << (signal - 1);
}

/*
 * What the command line will pass on or take as its end: it must neither be lost nor kill anybody before the command line can hear it.
 * Not those that a fault of the JVM's own raises (ABRT, TRAP and SYS too), nor its 16 and 62, nor libc's 32 and 33.
 */
static uint64_t awaited(const char *command) {
    if (same(command, "run") || same(command, "each") || same(command, "up") || same(command, "init")) {
        uint64_t ending = bit(SIGHUP) | bit(SIGINT) | bit(SIGQUIT) | bit(SIGTERM);
        uint64_t real_time = ~(uint64_t) 0 << 33 & ~bit(62);
        return ending | bit(SIGUSR1) | bit(SIGUSR2) | bit(SIGALRM) | bit(SIGCONT) | bit(SIGTSTP) | bit(SIGURG)
               | bit(SIGXCPU) | bit(SIGVTALRM) | bit(SIGPROF) | bit(SIGWINCH) | bit(SIGIO) | bit(SIGPWR) | real_time;
    }
    return 0;
}

static uint64_t block(uint64_t more) {
    uint64_t before = 0;
    if (system_call(SYS_rt_sigprocmask, SIG_BLOCK, (long) &more, (long) &before, sizeof before) < 0) {
        fail("signals cannot be blocked", "", "");
    }
    return before;
}

struct action { /* the kernel's, not libc's: x86-64 has a restorer before the mask, aarch64 has not */
    uint64_t handler, flags, rest[2];
};

static uint64_t ignored(void) {
    uint64_t all = 0;
    for (int signal = 1; signal <= SIGNALS; signal++) {
        struct action now = {0, 0, {0, 0}};
        if (system_call(SYS_rt_sigaction, signal, 0, (long) &now, sizeof(uint64_t)) == 0 && now.handler == 1) {
            all |= bit(signal);
        }
    }
    if (all & bit(SIGCHLD)) { /* the command gets that back; we could not learn how our children ended */
        struct action usual = {0, 0, {0, 0}};
        (void) system_call(SYS_rt_sigaction, SIGCHLD, (long) &usual, 0, sizeof(uint64_t));
    }
    return all;
}

/* --- descriptors --- */

static int is_open(int number) {
    return system_call(SYS_fcntl, number, F_GETFD, 0, 0) >= 0;
}

/*
 * Holds 0, 1 and 2, so that no file of the JVM's gets there. open(2) takes the lowest number that is free. Without /dev, what stands there is a
 * descriptor that nobody can read or write.
 */
static void fill(struct text *closed) {
    for (int number = 0; number <= 2; number++) {
        if (is_open(number)) {
            continue;
        }
        long opened = system_call(SYS_openat, AT_FDCWD, (long) "/dev/null", O_RDWR, 0);
        if (opened < 0) {
            opened = system_call(SYS_openat, AT_FDCWD, (long) "/", 010000000 | O_DIRECTORY, 0); /* O_PATH */
        }
        if (opened != number) {
            fail("nothing can be put in the place of a closed descriptor", "", "");
        }
        add_number(closed, (uint64_t) number, 10);
    }
}

/* Where the kernel does not tell, they are two. */
static int outputs_are_one(void) {
    long self = system_call(SYS_getpid, 0, 0, 0, 0);
    return system_call_of_5(SYS_kcmp, self, self, 0, 1, 2) == 0; /* KCMP_FILE, linux/kcmp.h */
}

/* A run of open descriptors, written when it is known where it ends. */
struct range {
    struct text *text;
    int64_t first, last;
    int any;
};

static void end_range(struct range *range) {
    if (range->first < 0) {
        return;
    }
    add(range->text, range->any ? "," : "");
    add_number(range->text, (uint64_t) range->first, 10);
    if (range->last > range->first) {
        add(range->text, "-");
        add_number(range->text, (uint64_t) range->last, 10);
    }
    range->any = 1;
}

static void also(struct range *range, int64_t number) {
    if (number <= 2) {
        return;
    }
    if (range->first >= 0 && number == range->last + 1) {
        range->last = number;
        return;
    }
    end_range(range);
    range->first = range->last = number;
}

static int64_t number_of(const char *name) {
    int64_t number = 0;
    for (; *name >= '0' && *name <= '9'; name++) {
        number = number * 10 + (*name - '0');
    }
    return *name == 0 ? number : -1;
}

/* They are listed in their order, proc(5). A struct linux_dirent64 has its own size at 16 and its name from 19 on, getdents64(2). */
static int list_open(struct range *range, int directory) {
    static char entries[16384];
    for (;;) {
        long size = system_call(SYS_getdents64, directory, (long) entries, sizeof entries, 0);
        if (size <= 0) {
            return size == 0;
        }
        for (long at = 0; at < size;) {
            unsigned short step;
            memcpy(&step, entries + at + 16, sizeof step);
            const char *name = entries + at + 19;
            int64_t number = number_of(name);
            if (*name != '.' && number >= 0 && number != directory) {
                also(range, number);
            }
            at += step;
        }
    }
}

static void find_open(struct text *text) {
    struct range range = {text, -1, -1, 0};
    long directory = system_call(SYS_openat, AT_FDCWD, (long) "/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    int listed = directory >= 0 && list_open(&range, (int) directory);
    for (int number = 3; !listed && number < FEW; number++) {
        if (number != directory && number > range.last && is_open(number)) {
            also(&range, number);
        }
    }
    end_range(&range);
    if (directory >= 0) {
        (void) system_call(SYS_close, directory, 0, 0, 0);
    }
}

/* --- limits --- */

/* The kernel has what our starts need to set limits, or else the JVM is not to raise one. */
static int starts_set_limits(void) {
    return system_call(SYS_close_range, UINT32_MAX, UINT32_MAX, 0, 0) == 0; /* closes nothing */
}

static void add_limit(struct text *text, uint64_t limit) {
    if (limit == UNLIMITED) {
        add(text, "-1");
    } else {
        add_number(text, limit, 10);
    }
}

static void find_limit(struct text *text) {
    uint64_t limit[2];
    if (system_call(SYS_prlimit64, 0, LIMIT_FILES, 0, (long) limit) == 0) {
        add(text, " files=");
        add_limit(text, limit[0]);
        add(text, ":");
        add_limit(text, limit[1]);
    }
}

/* --- environment --- */

static int value_of_digit(char digit) {
    if (digit >= 'A' && digit <= 'Z') {
        return digit - 'A';
    }
    if (digit >= 'a' && digit <= 'z') {
        return digit - 'a' + 26;
    }
    if (digit >= '0' && digit <= '9') {
        return digit - '0' + 52;
    }
    return digit == '+' ? 62 : digit == '/' ? 63 : -1;
}

/* Decodes base64 in its place: how many bytes, or -1 where it is none. */
static long decode(char *text) {
    char *to = text;
    unsigned bits = 0, count = 0;
    const char *at = text;
    for (; *at != 0 && *at != '='; at++) {
        int value = value_of_digit(*at);
        if (value < 0) {
            return -1;
        }
        bits = bits << 6 | (unsigned) value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            *to++ = (char) (bits >> count);
        }
    }
    return to - text;
}

static char *variable(char **environment, const char *name) {
    for (; *environment != NULL; environment++) {
        if (begins(*environment, name)) {
            return *environment + length(name);
        }
    }
    return NULL;
}

static int is_meant_for_others(const char *entry) {
    for (size_t i = 0; i < sizeof meant_for_others / sizeof *meant_for_others; i++) {
        if (begins(entry, meant_for_others[i])) {
            return 1;
        }
    }
    return 0;
}

/* Hides what the JVM must not read, in its place. */
static void hide(char **all, struct text *text) {
    const char *comma = "";
    add(text, " taken=");
    for (size_t i = 0; all[i] != NULL; i++) {
        if (is_meant_for_others(all[i])) {
            char letter[2] = {all[i][0], 0};
            add(text, comma);
            add_number(text, i, 10);
            add(text, letter);
            all[i][0] = '%';
            comma = ",";
        }
    }
}

/* --- the image --- */

static char image[4096 + 64];

/* Our own file, however it was called; without /proc the name by which it was executed. */
static void find_image(const char *executed) {
    long size = system_call(SYS_readlinkat, AT_FDCWD, (long) "/proc/self/exe", (long) image, 4096);
    if (size >= 4096) {
        fail("the name of its own file is too long", "", "");
    }
    if (size < 0) {
        size = executed == NULL ? 0 : (long) length(executed);
        if (size == 0 || size >= 4096) {
            fail("its own file cannot be found without /proc", "", "");
        }
        memcpy(image, executed, (size_t) size);
    }
    image[size] = 0;
    for (int parts = 2; parts > 0; parts--) { /* bin, and the file */
        while (size > 0 && image[size] != '/') {
            size--;
        }
        if (size == 0) {
            fail(image, " is not in the folder bin of an image", "");
        }
        image[size] = 0;
    }
}

/* A file of the image. The answer holds until the next call with the same place. */
static const char *in_image(char *place, size_t size, const char *name) {
    struct text path = {place, size, 0, 0};
    add(&path, image);
    add(&path, "/");
    add(&path, name);
    if (path.full) {
        fail("the name of its image is too long: ", image, "");
    }
    return place;
}

static void missing(const char *path, long error) __attribute__((noreturn));
static void missing(const char *path, long error) {
    fail(
            path,
            error == -ENOENT    ? " is missing"
            : error == -EACCES  ? " may not be used"
            : error == -ENOEXEC ? " is for another kind of machine"
                                : " cannot be used",
            ": the launcher needs the image around it, whole");
}

/* The image says how its java is started: a line for the program, from the image on or from the root, and one for each option. */
static char *read_start(void) {
    static char path[sizeof image], start[16384];
    in_image(path, sizeof path, "start");
    long file = system_call(SYS_openat, AT_FDCWD, (long) path, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0) {
        missing(path, file);
    }
    size_t used = 0;
    for (;;) {
        long size = system_call(SYS_read, file, (long) (start + used), (long) (sizeof start - 1 - used), 0);
        if (size == -EINTR) {
            continue;
        }
        if (size < 0) {
            missing(path, size);
        }
        if (size == 0) {
            break;
        }
        used += (size_t) size;
    }
    if (used == 0 || used == sizeof start - 1) {
        fail(path, " is empty or too long", "");
    }
    start[used] = 0;
    (void) system_call(SYS_close, file, 0, 0, 0);
    return start;
}

/* The words of a new command line. */
struct words {
    const char **all;
    size_t used, limit;
};

static void word(struct words *words, const char *what) {
    if (words->used == words->limit) {
        fail("too many options for the JVM", "", "");
    }
    words->all[words->used++] = what;
}

/* Parts a text in its place; parts that are empty are none. */
static void parts(struct words *words, char *text, char separator) {
    while (*text != 0) {
        while (*text == separator) {
            text++;
        }
        if (*text != 0) {
            word(words, text);
        }
        while (*text != 0 && *text != separator) {
            text++;
        }
        if (*text != 0) {
            *text++ = 0;
        }
    }
}

/* By which name it was executed, getauxval(3). */
static const char *executed_as(char **environment) {
    while (*environment != NULL) {
        environment++;
    }
    for (const unsigned long *entry = (const unsigned long *) (environment + 1); entry[0] != AT_NULL; entry += 2) {
        if (entry[0] == AT_EXECFN) {
            return (const char *) entry[1];
        }
    }
    return NULL;
}

/* The words of the JVM. */
static void jvm(struct words *words, const char *command, char *user, int raises) {
    static char cache[sizeof image + 32], file[sizeof image];
    parts(words, read_start(), '\n');
    word(words, "-Xrs"); /* else HotSpot has every thread unblock and handle HUP, INT and TERM, and QUIT print a dump */
    word(words, "-Xlog:disable"); /* what the JVM warns of is nothing to whoever called us; errors are said by the command line */
    word(words, "-XX:+DisableAttachMechanism"); /* without QUIT it would wait for debuggers in /tmp */
    word(words, "-XX:ErrorFile=/tmp/brood-%p.log"); /* where it crashes all the same: not in the folder of who calls us */
    word(words, "-XX:-CreateCoredumpOnCrash");
    if (same(command, "run") || same(command, "init")) {
        word(words, "-Xint"); /* one command: compiling takes longer than all there is to run */
    }
    if (!raises) {
        word(words, "-XX:-MaxFDLimit");
    }
    in_image(file, sizeof file, "brood.aot");
    if (system_call(SYS_faccessat, AT_FDCWD, (long) file, 4, 0) == 0) { /* R_OK */
        struct text option = {cache, sizeof cache, 0, 0};
        add(&option, "-XX:AOTCache=");
        add(&option, file);
        word(words, cache);
    }
    parts(words, user, ' ');
    word(words, "-m");
    word(words, "dev.brood.cli/dev.brood.cli.Main");
}

static void execute(const char **words, char **environment) __attribute__((noreturn));
static void execute(const char **words, char **environment) {
    static char path[sizeof image + 64];
    const char *java = words[0][0] == '/' ? words[0] : in_image(path, sizeof path, words[0]);
    words[0] = java;
    missing(java, system_call(SYS_execve, (long) java, (long) words, (long) environment, 0));
}

/*
 * A script that was called in our place hands over what every shell spoils: which signals were blocked, in hex, and after a colon the bytes of
 * its environment in base64.
 */
static char *handed(char **given, uint64_t *blocked, long *size) {
    char *text = variable(given, ENVIRON);
    if (text == NULL) {
        return NULL;
    }
    uint64_t mask = 0;
    for (; *text != ':'; text++) {
        int digit = *text >= '0' && *text <= '9' ? *text - '0' : *text >= 'a' && *text <= 'f' ? *text - 'a' + 10 : -1;
        if (digit < 0) {
            fail("BROOD_ENVIRON", " is not what the script makes of its environment", "");
        }
        mask = mask << 4 | (unsigned) digit;
    }
    text++;
    *size = decode(text);
    if (*size < 0 || (*size > 0 && text[*size - 1] != 0)) {
        fail("BROOD_ENVIRON", " is not what the script makes of its environment", "");
    }
    (void) block(mask);
    *blocked = mask;
    return text;
}

/* How many entries the environment has that the command is to have: that of the script, or else ours. */
static size_t count_entries(char **given, const char *block, long size) {
    size_t count = 0;
    if (block != NULL) {
        for (long i = 0; i < size; i++) {
            count += block[i] == 0;
        }
        return count;
    }
    while (given[count] != NULL) {
        count++;
    }
    return count;
}

static size_t collect(char **to, char **given, char *block, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        char *entry = block == NULL ? given[i] : block;
        if (block != NULL) {
            block += length(block) + 1;
        }
        if (!begins(entry, FOUND)) { /* ours alone */
            to[kept++] = entry;
        }
    }
    to[kept] = NULL;
    return kept;
}

static char *own_options(char **environment) {
    static char copy[8192]; /* its parts are ended in their place, and the command's is to stay */
    const char *user = variable(environment, OPTIONS);
    struct text own = {copy, sizeof copy, 0, 0};
    add(&own, user == NULL ? "" : user);
    if (own.full) {
        fail("BROOD_JAVA_OPTIONS", " is too long", "");
    }
    return copy;
}

static void find_rest(struct text *found, char **environment) {
    hide(environment, found);
    if (found->full) {
        fail("too many variables are meant for other JVMs", "", "");
    }
    size_t before = found->used;
    add(found, " open=");
    find_open(found);
    if (found->full) {
        found->bytes[before] = 0;
        say("brood: more descriptors are open than can be listed: the command gets none above 2\n");
    }
}

/* The stack of a new process: how many arguments, these, a null, the environment, a null, what the kernel tells, execve(2). */
void begin(long *stack) __attribute__((noreturn, used));
void begin(long *stack) {
    static char said[65536], gaps[8];
    size_t count = (size_t) stack[0];
    char **arguments = (char **) (stack + 1);
    char **given = arguments + count + 1;
    const char *command = count > 1 ? arguments[1] : "";
    struct text found = {said, sizeof said, 0, 0};
    struct text closed = {gaps, sizeof gaps, 0, 0};

    require_directory();
    uint64_t blocked = block(awaited(command));
    fill(&closed);
    long size = 0;
    char *script = handed(given, &blocked, &size);
    add(&found, FOUND "blocked=");
    add_number(&found, blocked, 16);
    add(&found, " ignored=");
    add_number(&found, ignored(), 16);
    add(&found, " closed=");
    add(&found, gaps);
    if (closed.used == 0 && outputs_are_one()) {
        add(&found, " one=1");
    }
    int raises = starts_set_limits();
    if (raises) {
        find_limit(&found);
    }

    size_t entries = count_entries(given, script, size);
    char *environment[entries + 3];
    size_t kept = collect(environment, given, script, entries);
    find_rest(&found, environment);
    char *user = own_options(environment);
    environment[kept++] = SUSPEND;
    environment[kept++] = said;
    environment[kept] = NULL;

    const char *words[WORDS + count + 1];
    struct words line = {words, 0, WORDS};
    find_image(executed_as(given));
    jvm(&line, command, user, raises);
    for (size_t i = 1; i < count; i++) {
        words[line.used++] = arguments[i];
    }
    words[line.used] = NULL;
    execute(words, environment);
}
