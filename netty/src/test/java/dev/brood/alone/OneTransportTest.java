package dev.brood.alone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.testing.Contract;
import java.io.File;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As a module, beside the modules of one transport only. */
@Contract("L07")
@Timeout(60)
class OneTransportTest {
    private static final List<String> JARS =
            Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator, -1));

    @Test
    void userOfEpollNeedsNoIoUring() throws Exception {
        String modules = "dev.brood.netty,io.netty.transport.classes.epoll";

        assertThat(run("epoll", modules, jar -> !jar.contains("io_uring")))
                .isEqualTo("module dev.brood.netty says hello");
    }

    @Test
    void userOfNioNeedsNeither() throws Exception {
        assertThat(run("nio", "dev.brood.netty", jar -> !jar.matches(".*(io_uring|epoll|unix).*")))
                .isEqualTo("module dev.brood.netty says hello");
    }

    /** What the program says. Native files lie on the class path, as does the program itself. */
    private static String run(String transport, String modules, Predicate<String> there) throws Exception {
        Command java = Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=dev.brood,io.netty.common,io.netty.transport.unix.common,ALL-UNNAMED",
                "--module-path",
                path(there.and(OneTransportTest::isModule)),
                "--class-path",
                path(there.and(jar -> !isModule(jar))),
                "--add-modules",
                modules,
                OneTransport.class.getName(),
                transport);
        try (Brood brood = Brood.open()) {
            Collected said = brood.run(java);
            assertThat(said.status().success()).as(said.stderrText()).isTrue();
            return said.stdoutText().strip();
        }
    }

    private static String path(Predicate<String> wanted) {
        return JARS.stream().filter(wanted).collect(Collectors.joining(File.pathSeparator));
    }

    /** Ours and Netty's, but for those that are native files only. */
    private static boolean isModule(String jar) {
        return ModuleFinder.of(Path.of(jar)).findAll().stream()
                .map(ModuleReference::descriptor)
                .anyMatch(one -> one.name().matches("dev\\.brood.*|io\\.netty\\..*")
                        && !one.name().contains(".linux."));
    }
}
