package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.testing.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The machine code is what its commented sources say. */
class MachineCodeTest {
    private static final Path SOURCES = Path.of("src", "main", "asm");
    private static final Map<String, String> TOOLS = Map.of("x86_64", "", "aarch64", "aarch64-linux-gnu-");
    private static final int MOST = 200;

    @ParameterizedTest
    @CsvSource({"start, x86_64", "start, aarch64", "signal, x86_64", "signal, aarch64", "sent, x86_64", "sent, aarch64"
    })
    @Contract("S01")
    void codeIsWhatTheAssemblerMakesOfItsSource(String name, String architecture, @TempDir Path directory)
            throws Exception {
        String tools = TOOLS.get(architecture);
        assumeTrue(
                Tool.onPath(tools + "as"),
                "no assembler " + tools + "as (Debian: binutils, binutils-aarch64-linux-gnu)");
        Path object = directory.resolve("object");
        Path binary = directory.resolve("binary");
        Tool.run(tools + "as", SOURCES.resolve(name + "-" + architecture + ".S").toString(), "-o", object.toString());
        Tool.run(tools + "objcopy", "-O", "binary", "-j", ".text", object.toString(), binary.toString());

        MachineCode stated = switch (name) {
            case "start" -> MachineCode.START;
            case "signal" -> MachineCode.SIGNAL;
            default -> MachineCode.SENT;
        };

        assertThat(stated.bytes(Platform.Architecture.valueOf(architecture.toUpperCase(java.util.Locale.ROOT))))
                .isEqualTo(Files.readAllBytes(binary))
                .hasSizeLessThan(MOST);
    }

    @Test
    @Contract("S01")
    void mappedCodeCanBeExecutedAndNotWritten() throws IOException {
        long page = MachineCode.START.map().address();

        assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
                .filteredOn(line -> holds(line, page))
                .singleElement()
                .asString()
                .contains(" r-xp ");
    }

    /** Whether a line of maps is of the mapping with this address; neighbours that are alike are one. */
    private static boolean holds(String line, long address) {
        String[] range = line.substring(0, line.indexOf(' ')).split("-", 2);
        return Long.parseUnsignedLong(range[0], 16) <= address && Long.parseUnsignedLong(range[1], 16) > address;
    }
}
