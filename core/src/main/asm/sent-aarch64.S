/*
 * void sent(int number, siginfo_t *info, void *context): as sent-x86_64.S, which says what it is for.
 */
        .globl sent
sent:   ldr w3, [x1, #8]
        cmp w3, #0
        b.gt fault
        ret
fault:  ldr x16, handler
        br x16
handler:
