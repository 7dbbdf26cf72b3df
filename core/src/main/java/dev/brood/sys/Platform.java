package dev.brood.sys;

import java.util.Locale;

/** What this JVM runs on. Classes of this room load everywhere; only calls need a supported platform. */
public final class Platform {
    /** The architectures whose system call numbers and struct layouts are known. */
    enum Architecture {
        X86_64,
        AARCH64,
        OTHER
    }

    static final Architecture ARCHITECTURE = architecture(System.getProperty("os.arch", ""));

    private Platform() {}

    /**
     * Refuses a system that Brood does not run on.
     *
     * @throws UnsupportedOperationException names the system and the architecture
     */
    public static void requireSupported() {
        String system = System.getProperty("os.name", "");
        if (!system.equals("Linux") || ARCHITECTURE == Architecture.OTHER) {
            throw new UnsupportedOperationException("Brood runs on Linux on x86-64 and aarch64, not on " + system
                    + " on " + System.getProperty("os.arch"));
        }
    }

    /**
     * Refuses a JVM that denies native access to this module.
     *
     * @throws IllegalStateException says which option allows it
     */
    public static void requireNativeAccess() {
        try {
            Linkage.load();
        } catch (ExceptionInInitializerError | NoClassDefFoundError denied) {
            Module module = Platform.class.getModule();
            String who = module.isNamed() ? module.getName() : "ALL-UNNAMED";
            throw new IllegalStateException(
                    "Brood calls the C library: start java with --enable-native-access=" + who, denied);
        }
    }

    private static Architecture architecture(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> Architecture.X86_64;
            case "aarch64" -> Architecture.AARCH64;
            default -> Architecture.OTHER;
        };
    }
}
