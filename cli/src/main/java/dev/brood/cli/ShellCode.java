package dev.brood.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** A shell's script that has a place for an item: whatever a file is called would be run as code. */
final class ShellCode {
    private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "zsh", "ash", "ksh", "mksh", "rbash");

    private ShellCode() {}

    /**
     * Makes sure that there is none. A script that is the item and nothing else is meant so.
     *
     * @throws IllegalArgumentException there is one
     */
    static void refuse(List<byte[]> words) {
        List<String> texts = words.stream()
                .map(word -> new String(word, StandardCharsets.ISO_8859_1))
                .toList();
        for (int i = 0; i < texts.size(); i++) {
            String shell = texts.get(i).substring(texts.get(i).lastIndexOf('/') + 1);
            String script = SHELLS.contains(shell) ? script(texts.subList(i + 1, texts.size())) : "";
            if (script.contains("{}") && !script.equals("{}")) {
                throw new IllegalArgumentException("{} in a script of " + shell + " would run what an item is called."
                        + " Write \"$1\" in its place, and after the script: " + shell + " {} (or give --unsafe)");
            }
        }
    }

    /** The script among the words after a shell, POSIX.1-2017, sh: after its options, if one of them is -c. */
    private static String script(List<String> words) {
        boolean command = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                return command && i + 1 < words.size() ? words.get(i + 1) : "";
            }
            if (!isOption(word)) {
                return command ? word : "";
            }
            boolean letters = !word.startsWith("--");
            command |= letters && word.startsWith("-") && word.indexOf('c') > 0;
            i += letters && (word.endsWith("o") || word.endsWith("O")) ? 1 : 0; // its name follows
        }
        return "";
    }

    private static boolean isOption(String word) {
        return word.length() > 1 && (word.startsWith("-") || word.startsWith("+"));
    }
}
