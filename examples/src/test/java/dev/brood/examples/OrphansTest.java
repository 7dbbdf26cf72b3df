package dev.brood.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The example of a JVM that adopts orphans prints what it promises. */
class OrphansTest {
    @Test
    void everyOrphanIsReapedAndEveryExitCodeOfTheJdkIsRight() throws Exception {
        String text = Printed.by(() -> Orphans.main(new String[0]));

        assertThat(text.lines())
                .containsExactly("orphans reaped: 100", "exit codes of ProcessBuilder that are right: 100");
    }
}
