/*
 * long start(struct row *rows, struct header *header): makes a child that runs a table of system calls, of which the last is execve.
 *
 *   struct header { u64 blocked; u64 mask; struct row *failed; u64 error; };
 *   struct row    { u64 number; u64 arguments[6]; u64 flags; };                flags: 1 = go on after an error
 *
 * Blocks signals (header.blocked) beside those that the calling thread blocks, keeping its mask in header.mask, and makes the system call of
 * the first row, clone3 or clone with CLONE_VM and CLONE_VFORK. In the child the further rows are run until one fails: it is noted in the
 * header, which the child shares, and the child ends. In the parent, which sleeps until then, the mask is restored; the result is the
 * clone's.
 *
 * The child has the parent's stack and must not touch it: all it needs is in registers. No libc, no thread-local storage.
 */
        .globl start
start:  push %rbx
        push %r12
        push %r13
        mov %rdi, %r12                  /* r12: the row */
        mov %rsi, %rbx                  /* rbx: the header */
        xor %r13d, %r13d                /* r13: 0 in the parent, 1 in the child */
        mov $14, %eax                   /* rt_sigprocmask(SIG_BLOCK, &blocked, &mask, 8) */
        mov $0, %edi
        lea 8(%rbx), %rdx
        mov $8, %r10d
        syscall

run:    mov (%r12), %rax
        mov 8(%r12), %rdi
        mov 16(%r12), %rsi
        mov 24(%r12), %rdx
        mov 32(%r12), %r10
        mov 40(%r12), %r8
        mov 48(%r12), %r9
        syscall
        test %r13d, %r13d
        jnz check
        test %rax, %rax
        jnz parent
        inc %r13d
        jmp next

check:  cmp $-4096, %rax                /* errors are -4095 to -1 */
        jbe next
        testb $1, 56(%r12)
        jnz next
        mov %r12, 16(%rbx)
        mov %rax, 24(%rbx)
        mov $231, %eax                  /* exit_group(127) */
        mov $127, %edi
        syscall

next:   add $64, %r12
        jmp run

parent: mov %rax, %r12
        mov $14, %eax                   /* rt_sigprocmask(SIG_SETMASK, &mask, NULL, 8) */
        mov $2, %edi
        lea 8(%rbx), %rsi
        xor %edx, %edx
        mov $8, %r10d
        syscall
        mov %r12, %rax
        pop %r13
        pop %r12
        pop %rbx
        ret
