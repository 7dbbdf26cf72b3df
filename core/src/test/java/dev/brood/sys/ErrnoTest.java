package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors have the names that C gives them. */
class ErrnoTest {
    private static final int LAST = 133; // EHWPOISON

    @Test
    void everyNameIsWhatLibcSays() {
        Optional<MemorySegment> libc = Linkage.find("strerrorname_np");
        assumeTrue(libc.isPresent(), "libc has no strerrorname_np, which glibc has since 2.32");

        for (int errno = 1; errno <= LAST; errno++) {
            long name = Linkage.call(libc.orElseThrow(), errno, 0, 0, 0, 0, 0, 0);

            assertThat(Errno.name(errno)).isEqualTo(name == 0 ? "errno " + errno : string(name));
        }
    }

    @Test
    void everyConstantHasTheNumberOfItsName() throws IllegalAccessException {
        List<Field> constants = Arrays.stream(Errno.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .toList();

        assertThat(constants).hasSizeGreaterThan(20);
        for (Field constant : constants) {
            assertThat(Errno.name(constant.getInt(null))).isEqualTo(constant.getName());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -2, 0, 41, 58, LAST + 1, 999, Integer.MAX_VALUE})
    void numberWithoutNameIsToldAsANumber(int errno) {
        assertThat(Errno.name(errno)).isEqualTo("errno " + errno);
        assertThat(Errno.describe(errno)).isEqualTo("errno " + errno);
    }

    @ParameterizedTest
    @CsvSource({
        "2, ENOENT (no such file or directory)",
        "10, ECHILD (no such child)",
        "133, EHWPOISON",
    })
    void descriptionAddsTheMeaningOfTheUsualOnes(int errno, String description) {
        assertThat(Errno.describe(errno)).isEqualTo(description);
    }

    @Test
    void failureSaysWhichCallAndWhy() {
        ErrnoException failure = new ErrnoException("openat", Errno.ENOTDIR);

        assertThat(failure).hasMessage("openat: ENOTDIR (not a directory)");
        assertThat(failure.errno()).isEqualTo(Errno.ENOTDIR);
    }

    private static String string(long address) {
        return Linkage.at(address, 64).getString(0);
    }
}
