package dev.brood;

/**
 * A part of what root may.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>; PERFMON and BPF since Linux 5.8,
 *     CHECKPOINT_RESTORE since 5.9
 */
public enum Capability {
    /** Change owners of files. */
    CHOWN,
    /** Pass over permissions of files. */
    DAC_OVERRIDE,
    /** Read files and search directories whatever their permissions. */
    DAC_READ_SEARCH,
    /** Do to files what their owner may. */
    FOWNER,
    /** Keep set-user-ID bits of files that are changed. */
    FSETID,
    /** Send signals to anybody. */
    KILL,
    /** Change groups. */
    SETGID,
    /** Change users. */
    SETUID,
    /** Give up capabilities for good, and add inheritable ones. */
    SETPCAP,
    /** Set immutable and append-only attributes. */
    LINUX_IMMUTABLE,
    /** Bind to ports below 1024. */
    NET_BIND_SERVICE,
    /** Broadcast. */
    NET_BROADCAST,
    /** Administer networks. */
    NET_ADMIN,
    /** Use raw and packet sockets. */
    NET_RAW,
    /** Lock memory. */
    IPC_LOCK,
    /** Pass over permissions of System V objects. */
    IPC_OWNER,
    /** Load and remove kernel modules. */
    SYS_MODULE,
    /** Do port I/O. */
    SYS_RAWIO,
    /** Change the root directory; enter mount namespaces. */
    SYS_CHROOT,
    /** Trace anybody, and look into anybody's memory. */
    SYS_PTRACE,
    /** Switch process accounting. */
    SYS_PACCT,
    /** Mount, enter namespaces and much else. */
    SYS_ADMIN,
    /** Restart the machine. */
    SYS_BOOT,
    /** Raise priorities. */
    SYS_NICE,
    /** Pass over resource limits. */
    SYS_RESOURCE,
    /** Set clocks. */
    SYS_TIME,
    /** Hang up terminals. */
    SYS_TTY_CONFIG,
    /** Make special files. */
    MKNOD,
    /** Take leases on anybody's files. */
    LEASE,
    /** Write to the audit log. */
    AUDIT_WRITE,
    /** Set up auditing. */
    AUDIT_CONTROL,
    /** Set capabilities of files. */
    SETFCAP,
    /** Pass over mandatory access control. */
    MAC_OVERRIDE,
    /** Set up mandatory access control. */
    MAC_ADMIN,
    /** Read the kernel's log, and see its addresses. */
    SYSLOG,
    /** Wake the machine. */
    WAKE_ALARM,
    /** Keep the machine awake. */
    BLOCK_SUSPEND,
    /** Read the audit log. */
    AUDIT_READ,
    /** Measure performance. */
    PERFMON,
    /** Use BPF. */
    BPF,
    /** Checkpoint and restore processes. */
    CHECKPOINT_RESTORE;

    /** {@return its number for the kernel, as in linux/capability.h} */
    @SuppressWarnings("EnumOrdinal") // the order is the kernel's
    public int number() {
        return ordinal();
    }
}
