/*
 * long start(struct row *rows, struct header *header): as start-x86_64.S, which says what it is for.
 */
        .globl start
start:  stp x19, x20, [sp, #-32]!
        str x21, [sp, #16]
        mov x19, x0                     /* x19: the row */
        mov x20, x1                     /* x20: the header */
        mov x21, #0                     /* x21: 0 in the parent, 1 in the child */
        mov x8, #135                    /* rt_sigprocmask(SIG_BLOCK, &blocked, &mask, 8) */
        mov x0, #0
        add x2, x20, #8
        mov x3, #8
        svc #0

run:    ldp x8, x0, [x19]
        ldp x1, x2, [x19, #16]
        ldp x3, x4, [x19, #32]
        ldr x5, [x19, #48]
        svc #0
        cbnz x21, check
        cbnz x0, parent
        mov x21, #1
        b next

check:  cmn x0, #4095                   /* errors are -4095 to -1 */
        b.lo next
        ldr x1, [x19, #56]
        tbnz x1, #0, next
        stp x19, x0, [x20, #16]
        mov x8, #94                     /* exit_group(127) */
        mov x0, #127
        svc #0

next:   add x19, x19, #64
        b run

parent: mov x19, x0
        mov x8, #135                    /* rt_sigprocmask(SIG_SETMASK, &mask, NULL, 8) */
        mov x0, #2
        add x1, x20, #8
        mov x2, #0
        mov x3, #8
        svc #0
        mov x0, x19
        ldr x21, [sp, #16]
        ldp x19, x20, [sp], #32
        ret
