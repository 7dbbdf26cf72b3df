package dev.brood.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The example of the README prints what it promises. */
class ReadmeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exit 2 | exited with error status 2 | exit code 2",
                "kill -9 $$ | was killed by signal KILL | killed by KILL",
            })
    void tellsHowTheChildEnded(String script, String sentence, String status) throws Exception {
        String text = Printed.by(() -> Readme.main(new String[] {script}));

        assertThat(text).contains(sentence, status, "it is 20");
    }
}
