/*
 * void signal(int number): a signal handler that writes the number, as eight bytes, to a descriptor: an eventfd counts it up, a pipe
 * keeps each. It touches no errno, for it calls no libc. Whoever maps the code appends the descriptor, a 32-bit word.
 */
        .globl signal
signal: push %rdi                       /* the kernel passes the number zero-extended */
        mov descriptor(%rip), %edi
        mov %rsp, %rsi
        mov $8, %edx
        mov $1, %eax                    /* write(descriptor, &number, 8) */
        syscall
        pop %rdi
        ret
        .balign 4, 0
descriptor:
