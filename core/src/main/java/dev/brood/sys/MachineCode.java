package dev.brood.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/**
 * The few functions that cannot be Java, because they run where there is no JVM: in a child between clone and exec, and in a signal
 * handler. Their sources, with comments, are in {@code src/main/asm}; a test assembles them and compares.
 *
 * <p>Code is written first and made executable then; it is never both. It stays mapped as long as the process lives, for nobody can know
 * when the last signal handler has returned.
 */
final class MachineCode {
    /** Makes a child that runs a table of system calls. */
    static final MachineCode START = new MachineCode(
            "53415441554989fc4889f34531edb80e000000bf00000000488d530841ba080000000f05498b0424498b7c2408498b742410"
                    + "498b5424184d8b5424204d8b4424284d8b4c24300f054585ed750a4885c0752f41ffc5eb24483d00f0ffff761c41f6"
                    + "4424380175144c89631048894318b8e7000000bf7f0000000f054983c440eba34989c4b80e000000bf02000000488d"
                    + "730831d241ba080000000f054c89e0415d415c5bc3",
            "f353bea9f50b00f9f30300aaf40301aa150080d2e81080d2000080d282220091030180d2010000d4680240a9610a41a9"
                    + "631242a9651a40f9010000d4950000b5a00100b5350080d2090000141ffc3fb1e3000054611e40f9a1000037930201"
                    + "a9c80b80d2e00f80d2010000d473020191eeffff17f30300aae81080d2400080d281220091020080d2030180d20100"
                    + "00d4e00313aaf50b40f9f353c2a8c0035fd6");

    /** A signal handler that writes the signal's number to a descriptor, which is appended. */
    static final MachineCode SIGNAL = new MachineCode(
            "578b3d110000004889e6ba08000000b8010000000f055fc3",
            "e00f1ff8e0000018e1030091020180d2080880d2010000d4ff430091c0035fd6");

    /** A signal handler that drops what was sent, and goes on to another handler else, whose address is appended. */
    static final MachineCode SENT =
            new MachineCode("837e08007f01c3ff2503000000000000", "230840b97f0000714c000054c0035fd65000005800021fd6");

    static final int PROT_READ = 1; // asm-generic/mman-common.h
    static final int PROT_WRITE = 2;
    static final int PROT_EXEC = 4;
    static final int MAP_PRIVATE = 2;
    static final int MAP_ANONYMOUS = 0x20;
    private static final int PAGE = 4096; // the least; the kernel rounds up

    private final String x86;
    private final String aarch64;

    private MachineCode(String x86, String aarch64) {
        this.x86 = x86;
        this.aarch64 = aarch64;
    }

    /**
     * Maps the code.
     *
     * @return a function to call
     * @throws ErrnoException EACCES, EPERM: this system lets nobody map code; ENOMEM
     */
    MemorySegment map() throws ErrnoException {
        return map(new byte[0]);
    }

    /** Maps the code with a 32-bit word appended. */
    MemorySegment map(int word) throws ErrnoException {
        byte[] bytes = new byte[Integer.BYTES];
        MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_INT_UNALIGNED, 0, word);
        return map(bytes);
    }

    /** Maps the code with a 64-bit word appended. */
    MemorySegment map(long word) throws ErrnoException {
        byte[] bytes = new byte[Long.BYTES];
        MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, word);
        return map(bytes);
    }

    byte[] bytes(Platform.Architecture architecture) {
        return HexFormat.of()
                .parseHex(
                        switch (architecture) {
                            case X86_64 -> x86;
                            case AARCH64 -> aarch64;
                            case OTHER -> "";
                        });
    }

    private MemorySegment map(byte[] appended) throws ErrnoException {
        long address = SystemCall.MMAP.call(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        MemorySegment page = Linkage.at(address, PAGE);
        byte[] code = bytes(Platform.ARCHITECTURE);
        MemorySegment.copy(code, 0, page, ValueLayout.JAVA_BYTE, 0, code.length);
        MemorySegment.copy(appended, 0, page, ValueLayout.JAVA_BYTE, code.length, appended.length);
        long refused = SystemCall.MPROTECT.retried(address, PAGE, PROT_READ | PROT_EXEC);
        if (refused < 0) {
            SystemCall.MUNMAP.attempt(address, PAGE);
            throw SystemCall.MPROTECT.failure(refused);
        }
        return page;
    }
}
