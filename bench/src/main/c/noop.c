/*
 * The smallest child: ends at once, or when it is killed if it is given an argument. Without libc, whose start-up asks the processor
 * what it can do: on a virtual machine that alone costs several times as much as starting a process. One that waits asks to be killed
 * with its parent, so that nothing is left of a measurement that fails.
 */
#if defined(__x86_64__)
__asm__(".globl _start\n"
        "_start: cmpq $1, (%rsp)\n"
        "        ja 1f\n"
        "        xor %edi, %edi\n"
        "        mov $231, %eax\n" /* exit_group */
        "        syscall\n"
        "1:      mov $1, %edi\n" /* PR_SET_PDEATHSIG */
        "        mov $9, %esi\n"
        "        mov $157, %eax\n" /* prctl */
        "        syscall\n"
        "2:      mov $34, %eax\n" /* pause */
        "        syscall\n"
        "        jmp 2b\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n"
        "_start: ldr x0, [sp]\n"
        "        cmp x0, #1\n"
        "        b.hi 1f\n"
        "        mov x0, #0\n"
        "        mov x8, #94\n" /* exit_group */
        "        svc #0\n"
        "1:      mov x0, #1\n" /* PR_SET_PDEATHSIG */
        "        mov x1, #9\n"
        "        mov x8, #167\n" /* prctl */
        "        svc #0\n"
        "2:      mov x0, #0\n"
        "        mov x1, #0\n"
        "        mov x2, #0\n"
        "        mov x3, #0\n"
        "        mov x8, #73\n" /* ppoll */
        "        svc #0\n"
        "        b 2b\n");
#endif
