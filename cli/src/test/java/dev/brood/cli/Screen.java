package dev.brood.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A terminal, by script(1), with bash on it in which {@code brood} is the program: what it shows, and keys to press. */
final class Screen implements AutoCloseable {
    static final String CTRL_C = "\003";
    static final String CTRL_Q = "\021"; // goes on after Ctrl-S, which holds what is shown
    static final String CTRL_S = "\023";
    static final String CTRL_Z = "\032";

    private final Process process;
    private final InputStream shown;
    private final OutputStream keys;
    private final StringBuilder seen = new StringBuilder();
    private int looked; // what comes before was awaited

    private Screen(Process process) {
        this.process = process;
        this.shown = process.getInputStream();
        this.keys = process.getOutputStream();
    }

    /** Runs a script in a folder, in which {@code $brood} is the program. */
    static Screen of(Path folder, String script) throws IOException {
        return start(folder, "-c", script);
    }

    /** Runs a shell in a folder that takes what is typed, with jobs. */
    static Screen interactive(Path folder) throws IOException {
        return start(folder, "--norc", "--noprofile", "-i");
    }

    private static Screen start(Path folder, String... words) throws IOException {
        String bash = List.of(words).stream()
                .map(Screen::quoted)
                .collect(Collectors.joining(" ", "exec env PS1='$ ' bash ", ""));
        ProcessBuilder builder = new ProcessBuilder("script", "-qec", bash, "/dev/null")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().put("brood", String.join(" ", Program.initLine()));
        return new Screen(builder.start());
    }

    /** Waits until this is shown, after what was awaited before. */
    void await(String text) throws IOException {
        while (seen.indexOf(text, looked) < 0) {
            byte[] more = new byte[4096];
            int size = shown.read(more);
            if (size < 0) {
                throw new AssertionError("the end, before '" + text + "': " + seen);
            }
            seen.append(new String(more, 0, size, StandardCharsets.UTF_8));
        }
        looked = seen.indexOf(text, looked) + text.length();
    }

    void type(String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    /** {@return all that is shown, when the end has come} */
    String rest() throws IOException {
        seen.append(new String(shown.readAllBytes(), StandardCharsets.UTF_8));
        return seen.toString();
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
