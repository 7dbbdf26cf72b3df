package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of the library's log its user is shown (issue 24, 21). */
@Contract("T18")
class InsidesTest {
    @ParameterizedTest
    @CsvSource({
        "dev.brood, ERROR, true",
        "dev.brood, WARNING, true",
        "dev.brood, DEBUG, false",
        "dev.brood, OFF, false",
        "dev.brood.loop, ERROR, true",
        "dev.brood.callback, WARNING, false",
        "dev.brood.exit, WARNING, false",
        "dev.brood.unknown, WARNING, false",
        "java.lang.Runtime, ERROR, false",
    })
    void onlyWhatConcernsWhoRunsACommandIsSaid(String name, System.Logger.Level level, boolean said) {
        System.Logger logger = new Insides().getLogger(name, Insides.class.getModule());

        assertThat(logger.isLoggable(level)).isEqualTo(said);
        assertThat(logger.getName()).isEqualTo(name);
    }

    @Test
    void itIsWhatTheJvmFinds() {
        assertThat(System.LoggerFinder.getLoggerFinder()).isInstanceOf(Insides.class);
    }
}
