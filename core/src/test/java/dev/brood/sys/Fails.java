package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Says that a call fails with an errno. */
final class Fails {
    private Fails() {}

    static void with(String errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ErrnoException.class,
                        failure -> assertThat(Errno.name(failure.errno())).isEqualTo(errno));
    }
}
