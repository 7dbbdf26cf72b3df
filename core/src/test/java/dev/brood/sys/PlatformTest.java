package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.brood.testing.Contract;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not supported says what to do. */
class PlatformTest {
    @Test
    @Contract("O04")
    void thisOneIsSupported() {
        assertThatCode(Platform::requireSupported).doesNotThrowAnyException();
        assertThatCode(Platform::requireNativeAccess).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, riscv64",
        "Linux, i386",
        "Mac OS X, aarch64",
        "FreeBSD, amd64",
    })
    @Contract("O04")
    void otherSystemIsNamedAndClassesLoadThere(String system, String architecture) throws Exception {
        String said = Java.run(Requiring.class, "-Dos.name=" + system, "-Dos.arch=" + architecture);

        assertThat(said)
                .contains("UnsupportedOperationException: Brood runs on Linux on x86-64 and aarch64, not on " + system
                        + " on " + architecture);
    }

    @Test
    void unknownArchitectureHasNoNumberOfACall() throws Exception {
        String stated = Java.run(Layout.class, "-Dos.arch=riscv64");

        assertThat(stated.lines().filter(line -> line.startsWith("SYS_")))
                .hasSize(SystemCall.values().length)
                .allMatch(line -> line.endsWith(" -1"));
        assertThat(Linkage.syscall(-1, 0, 0, 0, 0, 0, 0)).isEqualTo(-Errno.ENOSYS);
    }

    @ParameterizedTest
    @CsvSource({"amd64", "x86_64", "aarch64", "AMD64"})
    void supportedOnesAreKnownByTheirNames(String architecture) throws Exception {
        assertThat(Java.run(Supported.class, "-Dos.arch=" + architecture)).isEqualTo("supported\n");
    }

    @Test
    @Contract("O04")
    void deniedNativeAccessSaysWhichOptionIsMissingOnTheClassPath() throws Exception {
        String said =
                Java.run(List.of("--illegal-native-access=deny", "-cp", Java.classPath(), Requiring.class.getName()));

        assertThat(said)
                .contains("IllegalStateException: Brood calls the C library: "
                        + "start java with --enable-native-access=ALL-UNNAMED");
    }

    @Test
    @Contract("O04")
    void deniedNativeAccessSaysWhichOptionIsMissingOnTheModulePath() throws Exception {
        String said = Java.run(List.of(
                "--illegal-native-access=deny",
                "-p",
                "target/classes",
                "--patch-module",
                "dev.brood=target/test-classes",
                "-m",
                "dev.brood/" + Requiring.class.getName()));

        assertThat(said).contains("start java with --enable-native-access=dev.brood");
    }

    /** Prints what the checks say. */
    static final class Requiring {
        private Requiring() {}

        public static void main(String[] none) {
            try {
                Platform.requireSupported();
                Platform.requireNativeAccess();
                System.out.println("accessible");
            } catch (UnsupportedOperationException | IllegalStateException refused) {
                System.out.println(refused);
            }
        }
    }

    /** Prints that the system is supported; no more, for the JDK's own linker believes os.arch too. */
    static final class Supported {
        private Supported() {}

        public static void main(String[] none) {
            Platform.requireSupported();
            System.out.println("supported");
        }
    }
}
