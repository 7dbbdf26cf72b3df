package dev.brood;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What README and docs name is there: types with their members, and rules. */
class DocsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\n]+`");
    private static final Pattern MEMBER = Pattern.compile("(?<![\\w.-])([A-Z][A-Za-z]*)\\.([a-z]\\w*)");
    private static final Pattern TYPE = Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");
    private static final Pattern RULE = Pattern.compile("\\b([CSRLIKDO])(\\d\\d)\\b");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([A-Z]\\d\\d) ");
    private static final List<String> THEIRS = List.of(
            "java.lang.",
            "java.io.",
            "java.nio.",
            "java.nio.file.",
            "java.time.",
            "java.util.",
            "java.util.concurrent.");

    /** Types of other libraries, which the docs name beside ours. */
    private static final Set<String> STRANGERS = Set.of("JFR", "JdkFlowAdapter", "Tags");

    @Test
    void memberThatDocsNameIsThere() throws Exception {
        Map<String, String> types = types();
        Set<String> missing = new TreeSet<>();
        for (Path doc : docs()) {
            for (String code : code(doc)) {
                MEMBER.matcher(code)
                        .results()
                        .filter(name -> !isThere(name, types))
                        .forEach(name -> missing.add(doc.getFileName() + ": " + name.group()));
            }
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void ruleThatDocsNameIsThere() throws Exception {
        Set<String> rules = new TreeSet<>();
        ROW.matcher(Files.readString(ROOT.resolve("docs/contract.md")))
                .results()
                .forEach(row -> rules.add(row.group(1)));
        Set<String> missing = new TreeSet<>();
        for (Path doc : docs()) {
            RULE.matcher(Files.readString(doc))
                    .results()
                    .filter(rule -> !rules.contains(rule.group()))
                    .forEach(rule -> missing.add(doc.getFileName() + ": " + rule.group()));
        }

        assertThat(rules).hasSizeGreaterThan(100);
        assertThat(missing).isEmpty();
    }

    @Test
    void nothingIsSaidToBeStillToCome() throws Exception {
        for (Path doc : docs()) {
            assertThat(Files.readString(doc))
                    .as(doc.toString())
                    .doesNotContainIgnoringCase("to come (rule", "are being built", "not yet implemented");
        }
    }

    private static boolean isThere(MatchResult name, Map<String, String> types) {
        String type = name.group(1);
        String member = name.group(2);
        if (types.containsKey(type)) {
            return Pattern.compile("\\b" + member + "\\b")
                    .matcher(types.get(type))
                    .find();
        }
        return STRANGERS.contains(type) || isOfTheJdk(type, member);
    }

    private static boolean isOfTheJdk(String type, String member) {
        return THEIRS.stream()
                .flatMap(room -> members(room + type))
                .anyMatch(one -> one.getName().equals(member));
    }

    private static Stream<Member> members(String type) {
        try {
            Class<?> known = Class.forName(type);
            return Stream.concat(Stream.of(known.getMethods()), Stream.of(known.getFields()));
        } catch (ClassNotFoundException elsewhere) {
            return Stream.empty();
        }
    }

    /** The source of each type of ours that is exported, less comments, by its simple name; nested ones are part of those around them. */
    private static Map<String, String> types() throws IOException {
        Map<String, String> types = new TreeMap<>();
        for (String module : List.of("core", "netty", "micrometer", "examples", "bench", "cli")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file : files.filter(DocsTest::isExported).toList()) {
                    String source = Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "");
                    TYPE.matcher(source).results().forEach(type -> types.merge(type.group(1), source, String::concat));
                }
            }
        }
        return types;
    }

    private static boolean isExported(Path file) {
        String path = file.toString();
        boolean hidden = Stream.of("/engine/", "/reap/", "/stdio/", "/sys/").anyMatch(path::contains);
        return path.endsWith(".java") && !hidden;
    }

    private static List<String> code(Path doc) throws IOException {
        return CODE.matcher(Files.readString(doc))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    private static List<Path> docs() throws IOException {
        List<Path> docs = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(docs::add);
        }
        return docs;
    }
}
