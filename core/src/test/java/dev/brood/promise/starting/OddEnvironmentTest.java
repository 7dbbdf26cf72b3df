package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.testing.Contract;
import dev.brood.testing.ForkedJvm;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the children of a JVM get whose own environment has doubles, entries without '=' and names that are none: issue 22, number 1. */
class OddEnvironmentTest {
    private static final List<String> ODD =
            List.of("A=1", "bare", "B=2", "A=3", "=C:=x", "", "=y", "PATH=/usr/bin:/bin");

    /** What a child is started with, in the JVM with the odd environment. */
    enum Start {
        UNCHANGED {
            @Override
            Command change(Command env) {
                return env;
            }
        },
        CHANGED {
            @Override
            Command change(Command env) {
                return env.env("A", "4").envRemove("B").envRemove("=C:");
            }
        },
        FROM_A_BUILDER {
            @Override
            Command change(Command env) {
                return Command.from(new ProcessBuilder("env"));
            }
        },
        FROM_A_CHANGED_BUILDER {
            @Override
            Command change(Command env) {
                ProcessBuilder builder = new ProcessBuilder("env");
                builder.environment().put("B", "5");
                builder.environment().remove("");
                return Command.from(builder);
            }
        },
        FROM_AN_EMPTIED_BUILDER {
            @Override
            Command change(Command env) {
                ProcessBuilder builder = new ProcessBuilder("env");
                builder.environment().clear();
                builder.environment().put("N", "1");
                return Command.from(builder);
            }
        };

        abstract Command change(Command env);
    }

    /** Says what the child got. */
    static final class Odd {
        private Odd() {}

        public static void main(String[] arguments) throws Exception {
            try (Brood brood = Brood.open()) {
                Command env = Start.valueOf(arguments[0]).change(Command.of("env"));
                System.out.print(brood.run(env).check().stdoutText());
            }
        }
    }

    @Test
    @Contract("S05")
    void unchangedItGoesThroughAsItIs() throws Exception {
        assertThat(of(Start.UNCHANGED)).isEqualTo(ODD);
        assertThat(of(Start.FROM_A_BUILDER)).isEqualTo(ODD);
    }

    @Test
    @Contract("S05")
    void changesAreThoseThatWereMade() throws Exception {
        assertThat(of(Start.CHANGED)).containsExactly("A=4", "bare", "", "=y", "PATH=/usr/bin:/bin");
        assertThat(of(Start.FROM_A_CHANGED_BUILDER)).containsExactly("A=1", "bare", "B=5", "A=3", "PATH=/usr/bin:/bin");
        assertThat(of(Start.FROM_AN_EMPTIED_BUILDER)).containsExactly("N=1");
    }

    private static List<String> of(Start start) throws Exception {
        Command jvm =
                Command.of(ForkedJvm.of(Odd.class).commandLine(start.name())).clearEnv();
        for (String entry : ODD) {
            jvm = jvm.envEntry(entry.getBytes(StandardCharsets.US_ASCII));
        }
        try (Brood brood = Brood.open()) {
            String output = brood.run(jvm).check().stdoutText();
            return Stream.of(output.split("\n", -1))
                    .limit(output.lines().count())
                    .toList();
        }
    }
}
