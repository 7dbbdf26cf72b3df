package dev.brood;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/contract.md is kept: each rule that it marks as kept has a test that names it. */
class ContractTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern RULE = Pattern.compile("^\\| ([A-Z]\\d\\d) ", Pattern.MULTILINE);
    private static final Pattern KEPT = Pattern.compile("^\\| ([A-Z]\\d\\d) [^|]*✓", Pattern.MULTILINE);
    private static final Pattern NAMED = Pattern.compile("@Contract\\(\\{?([^)]*)\\)");
    private static final Pattern ID = Pattern.compile("\"([A-Z]\\d\\d)\"");

    @Test
    void everyKeptRuleHasATest() throws IOException {
        Set<String> kept = find(KEPT, Files.readString(ROOT.resolve("docs/contract.md")));

        assertThat(kept).isNotEmpty();
        assertThat(named()).containsAll(kept);
    }

    @Test
    void everyRuleThatATestNamesExists() throws IOException {
        assertThat(find(RULE, Files.readString(ROOT.resolve("docs/contract.md"))))
                .containsAll(named());
    }

    private static Set<String> named() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            String annotations = files.filter(file -> file.toString().matches(".*/src/(test|fault)/.*\\.java"))
                    .map(ContractTest::read)
                    .flatMap(source -> NAMED.matcher(source).results().map(MatchResult::group))
                    .collect(Collectors.joining());
            return find(ID, annotations);
        }
    }

    private static Set<String> find(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
