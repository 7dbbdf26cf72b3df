package dev.brood.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of a confined child shows that it is. */
class ConfinedTest {
    @Test
    void childSeesItsConfinement() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may start children as another user");

        List<String> lines =
                Printed.by(() -> Confined.main(new String[0])).lines().toList();

        assertThat(lines)
                .contains(
                        "Umask:\t0077",
                        "Uid:\t65534\t65534\t65534\t65534",
                        "Gid:\t65534\t65534\t65534\t65534",
                        "CapEff:\t0000000000000000",
                        "NoNewPrivs:\t1");
        assertThat(lines).anyMatch(line -> line.matches("Max open files +100 +100 +files *"));
    }
}
