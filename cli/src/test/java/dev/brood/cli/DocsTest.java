package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Each option of a `brood` command that README and docs show is one of the command line's. */
class DocsTest {
    private static final Path ROOT = Path.of("..");
    private static final CommandLine ALL = Main.commandLine("", Words.of());
    private static final Pattern CALL = Pattern.compile("brood (run|each|up|init)\\b([^\n`|#]*)");
    private static final Pattern WORDS_OF_THE_COMMAND = Pattern.compile("(?s) -- .*");
    private static final Pattern OPTION = Pattern.compile("(?<=\\s)(--[a-z][a-z-]*|-[a-zA-Z]\\b)");

    @Test
    void optionThatDocsShowIsOneOfTheCommandLines() throws Exception {
        Set<String> missing = new TreeSet<>();
        int shown = 0;
        for (Path doc : docs()) {
            for (var call : CALL.matcher(Files.readString(doc)).results().toList()) {
                String ours = WORDS_OF_THE_COMMAND.matcher(call.group(2)).replaceAll("");
                for (var option : OPTION.matcher(ours).results().toList()) {
                    shown++;
                    if (!options(call.group(1)).contains(option.group())) {
                        missing.add(doc.getFileName() + ": " + call.group());
                    }
                }
            }
        }

        assertThat(missing).isEmpty();
        assertThat(shown).isGreaterThan(10);
    }

    private static Set<String> options(String command) {
        CommandLine ofCommand = ALL.getSubcommands().get(command);
        return ofCommand == null
                ? Set.of()
                : ofCommand.getCommandSpec().optionsMap().keySet();
    }

    private static List<Path> docs() throws Exception {
        List<Path> docs = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(docs::add);
        }
        return docs;
    }
}
