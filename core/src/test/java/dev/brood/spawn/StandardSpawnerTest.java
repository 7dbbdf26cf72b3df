package dev.brood.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Exited;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.testing.CProgram;
import dev.brood.testing.Contract;
import dev.brood.testing.Deaths;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.Log;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a filter refuses one way of starting, the next is taken, and nobody sees a difference. In JVMs under such filters. */
class StandardSpawnerTest {
    private static final String BY_CLONE3 = "this system refuses to start children by CLONE3";
    private static final String NOBODY = "by nobody";
    private static final String BY_CLONE = "this system refuses to start children by CLONE";

    /** Then no handler of ours can be mapped either, to count deaths with; without a child that ends unasked there is nothing to hear. */
    private static final List<String> NO_CODE = List.of("mprotect");

    static Stream<Arguments> filters() {
        return Stream.of(
                Arguments.of(List.of(), List.of()),
                Arguments.of(List.of("clone3"), List.of(BY_CLONE3)),
                Arguments.of(List.of("clone3", "clone"), List.of(BY_CLONE3, BY_CLONE)),
                Arguments.of(List.of("close_range"), List.of(BY_CLONE3, BY_CLONE)),
                Arguments.of(NO_CODE, List.of(BY_CLONE3, BY_CLONE)));
    }

    @ParameterizedTest
    @MethodSource("filters")
    @Contract({"S16", "R09", "R19"})
    void whatAFilterRefusesIsDoneInTheNextWay(List<String> refused, List<String> told) throws Exception {
        ForkedJvm jvm = ForkedJvm.of(Starting.class);

        String heard = refused.equals(NO_CODE) ? NOBODY : Integer.toString(Starting.STARTS);

        List<String> seen = under(refused, jvm).run(heard).lines();

        assertThat(seen)
                .containsExactly(
                        "refusals: " + told,
                        "deaths heard: " + heard,
                        "failures: [PROGRAM ENOENT, DIRECTORY ENOENT, DESCRIPTOR EBADF]",
                        "logged above debugging: []");
    }

    private static ForkedJvm under(List<String> refused, ForkedJvm jvm) throws Exception {
        List<String> filter = new ArrayList<>(List.of(CProgram.compiled("filter")));
        filter.addAll(refused);
        filter.add("--");
        return jvm.under(filter.toArray(String[]::new));
    }

    /** Starts children, good and failing, and tells what came of it, and how often the process heard of a death. */
    static final class Starting {
        static final int STARTS = 20;

        private Starting() {}

        public static void main(String[] arguments) throws Exception {
            try (Log log = Log.open();
                    Brood brood = Brood.open()) {
                String heard = arguments[0].equals(NOBODY) ? exits(brood, number -> NOBODY) : heard(brood);
                List<String> failures = List.of( // after: by libc a failing start is heard too
                        failure(brood, Command.of("/no/such/program")),
                        failure(brood, Command.of("/bin/true").directory(Path.of("/no/such/directory"))),
                        failure(brood, Command.of("/bin/true").fd(5, Stdio.descriptor(9_999))));
                System.out.println("refusals: " + log.messages(Level.FINE, "dev.brood.spawn"));
                System.out.println("deaths heard: " + heard);
                System.out.println("failures: " + failures);
                System.out.println("logged above debugging: " + aboveDebugging(log));
            }
        }

        private static String heard(Brood brood) throws Exception {
            try (Deaths deaths = new Deaths()) {
                return exits(brood, deaths::await);
            }
        }

        /** What came of the starts, where each goes well what was heard after the last. */
        private static String exits(Brood brood, Hearing hearing) throws Exception {
            String heard = "";
            for (int i = 1; i <= STARTS; i++) {
                Collected collected = brood.run(Command.of("sh", "-c", "printf hi; exit " + i)
                        .env("PATH", "/no/such/directory:/bin")); // the search leaves an errno behind
                if (!collected.stdoutText().equals("hi") || !collected.status().equals(new Exited(i))) {
                    return "start " + i + " gave " + collected.stdoutText() + collected.status();
                }
                heard = hearing.after(i);
            }
            return heard;
        }

        private static String failure(Brood brood, Command command) throws Exception {
            try {
                return "worked: " + brood.spawn(command).await();
            } catch (SpawnException failure) {
                return failure.step() + " " + failure.errno().orElse("?");
            }
        }

        private static List<String> aboveDebugging(Log log) {
            return log.records().stream()
                    .filter(record -> record.getLevel().intValue() > Level.FINE.intValue())
                    .map(LogRecord::getMessage)
                    .toList();
        }

        /** Tells how many deaths were heard after a number of starts. */
        private interface Hearing {
            String after(int starts) throws Exception;
        }
    }
}
