package dev.brood.sys;

import java.util.concurrent.FutureTask;

/** Makes calls as a user without rights: where we are root, on a thread of its own, for the kernel keeps user ids by thread. */
final class Nobody {
    private static final long NOBODY = 65534;
    private static final long KEEP = -1;
    private static final int PR_GET_DUMPABLE = 3;
    private static final int PR_SET_DUMPABLE = 4;

    /** A call that may fail. */
    interface Call {
        void make() throws Exception;
    }

    private Nobody() {}

    static boolean isRoot() throws Exception {
        return ProcFs.status("self", "Uid").orElseThrow().startsWith("0");
    }

    /** {@return the errno, by name, that the call fails with; empty if it works} */
    static String failure(Call call) throws Exception {
        String ours = outcome(call); // loads the classes while their files may be read
        return isRoot() ? outcomeAs(NOBODY, call) : ours;
    }

    /** The same where only the effective user is nobody and the real one stays root. To be called as root. */
    static String failureEffectively(Call call) throws Exception {
        outcome(call);
        return outcomeAs(KEEP, call);
    }

    private static String outcomeAs(long realUser, Call call) throws Exception {
        long dumpable = SystemCall.PRCTL.call(PR_GET_DUMPABLE); // the kernel takes it with the user
        FutureTask<String> task = new FutureTask<>(() -> {
            if (Linkage.syscall(setresuid(), realUser, NOBODY, realUser, 0, 0, 0) != 0) {
                throw new AssertionError("setresuid failed");
            }
            return outcome(call);
        });
        Thread thread = Thread.ofPlatform().start(task);
        thread.join();
        SystemCall.PRCTL.call(PR_SET_DUMPABLE, dumpable);
        return task.get();
    }

    private static String outcome(Call call) throws Exception {
        try {
            call.make();
            return "";
        } catch (ErrnoException failure) {
            return Errno.name(failure.errno());
        }
    }

    private static long setresuid() {
        return Platform.ARCHITECTURE == Platform.Architecture.X86_64 ? 117 : 147;
    }
}
