/*
 * void sent(int number, siginfo_t *info, void *context): a signal handler that stands before another one. A signal that a process has sent is
 * dropped; one that the kernel has raised, because of a fault, is the other's: si_code, at 8, is above 0 then, sigaction(2). Whoever maps the
 * code appends the other handler's address, 64 bits.
 */
        .globl sent
sent:   cmpl $0, 8(%rsi)
        jg fault
        ret
fault:  jmp *handler(%rip)
        .balign 8, 0
handler:
