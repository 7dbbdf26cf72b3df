package dev.brood.cli;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line for the shell. Where it is one plain command, the shell is told to become it: then that is the child, it gets the signals, and its status
 * is the status.
 *
 * <p>Some shells do so by themselves; dash 0.5.12 was seen to stay.
 */
final class ShellLine {
    /** Variables for it, the program, and its arguments, none of them with what makes it more than a command. */
    private static final Pattern PLAIN = Pattern.compile(
            "((?:[A-Za-z_][A-Za-z0-9_]*=[^\\s'\"`$\\\\;&|()]*\\s+)*)([A-Za-z0-9_./~+-]+)((?:\\s[^;&|()]*)?)");

    /**
     * What is no program, or another one than the shell's own of that name: POSIX.1-2017, XCU 2.4, 2.14 and 1.6; and what bash, dash and busybox
     * have beside. dash's echo takes a backslash for itself, /bin/echo does not.
     */
    private static final Set<String> SHELLS_OWN = Set.of(
            ".",
            "[",
            "[[",
            "builtin",
            "caller",
            "chdir",
            "compgen",
            "complete",
            "declare",
            "dirs",
            "disown",
            "echo",
            "enable",
            "false",
            "help",
            "history",
            "kill",
            "let",
            "logout",
            "mapfile",
            "newgrp",
            "popd",
            "print",
            "printf",
            "pushd",
            "pwd",
            "readarray",
            "shopt",
            "suspend",
            "test",
            "true",
            "typeset",
            "alias",
            "bg",
            "break",
            "case",
            "cd",
            "command",
            "continue",
            "eval",
            "exec",
            "exit",
            "export",
            "fc",
            "fg",
            "for",
            "function",
            "getopts",
            "hash",
            "if",
            "jobs",
            "local",
            "read",
            "readonly",
            "return",
            "select",
            "set",
            "shift",
            "source",
            "time",
            "times",
            "trap",
            "type",
            "ulimit",
            "umask",
            "unalias",
            "unset",
            "until",
            "wait",
            "while");

    private ShellLine() {}

    static String of(String command) {
        Matcher plain = PLAIN.matcher(command);
        if (!plain.matches() || SHELLS_OWN.contains(plain.group(2))) {
            return command;
        }
        return plain.group(1) + "exec " + plain.group(2) + plain.group(3);
    }
}
