package dev.brood.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the kernel tells of a process in one line, proc_pid_stat(5).
 *
 * @param name of its program, as the kernel has it
 * @param state as ps(1) shows it
 * @param group its process group
 * @param session its session
 * @param terminal its terminal's number, 0 for none
 * @param foreground the process group that has that terminal's foreground
 */
record StatLine(String name, String state, String group, String session, String terminal, String foreground) {
    private static final int GROUP = 2; // fields after the name, counted from 0
    private static final int SESSION = 3;
    private static final int TERMINAL = 4;
    private static final int FOREGROUND = 5;

    /**
     * Reads it.
     *
     * @param process its folder in /proc
     * @throws IOException it is gone, or there is no /proc
     */
    static StatLine of(Path process) throws IOException {
        String line = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
        int nameEnd = line.lastIndexOf(')'); // a name may hold one, too
        String[] fields = line.substring(nameEnd + 2).split(" ", -1);
        String name = line.substring(line.indexOf('(') + 1, nameEnd);
        return new StatLine(name, fields[0], fields[GROUP], fields[SESSION], fields[TERMINAL], fields[FOREGROUND]);
    }
}
