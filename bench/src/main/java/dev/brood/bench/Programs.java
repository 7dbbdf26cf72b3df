package dev.brood.bench;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.bench.subject.First;
import dev.brood.bench.subject.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The measured programs, and how they are called. */
final class Programs {
    private static final Set<String> WARMING = Set.of("starts", "collect", "kill"); // work in small pieces

    private final Path c;
    private final Path launcher;

    /**
     * Knows where they are.
     *
     * @param c the folder of the compiled C programs
     * @param launcher the command line program
     */
    Programs(Path c, Path launcher) {
        this.c = c;
        this.launcher = launcher;
    }

    /** {@return the path of a child program} */
    String child(String name) {
        return c.resolve(name).toString();
    }

    /** {@return the path of the command line program} */
    String launcher() {
        return launcher.toString();
    }

    /** {@return a peer at some work} */
    Contestant at(Peer peer, String work, String... settings) {
        return at(peer, List.of(), work, settings);
    }

    /** {@return the same in a JVM with options} */
    Contestant at(Peer peer, List<String> options, String work, String... settings) {
        List<String> words = new ArrayList<>();
        if (!peer.way().isEmpty()) {
            words.add(peer.way());
        }
        words.add(work);
        words.addAll(List.of(settings));
        return new Contestant(
                peer.label(),
                brood -> Serving.start(brood, command(peer, options, words)),
                peer.isJava() && WARMING.contains(work));
    }

    private Command command(Peer peer, List<String> options, List<String> words) throws IOException {
        return peer.isJava() ? java(options, Subject.class, words) : inC(peer, words);
    }

    private Command inC(Peer peer, List<String> words) throws IOException {
        Path program = c.resolve(peer == Peer.LIBUV ? "uv" : "limit");
        if (!Files.isExecutable(program)) {
            throw new Turns.CannotException(program.getFileName() + " was not built");
        }
        List<String> line = new ArrayList<>(List.of(program.toString()));
        line.addAll(words);
        return Command.of(line);
    }

    /** {@return a command whose whole time is taken, in so many parts of a second} It is run once before that counts. */
    static Contestant timed(String name, Command command, double parts) {
        return new Contestant(name, brood -> Anew.timed(brood, command, parts), false);
    }

    /** {@return the first start of a fresh JVM} */
    Contestant first(String name, String subject) {
        Command command = java(List.of(), First.class, List.of(subject, child("noop")));
        return new Contestant(name, brood -> Anew.printed(brood, command), false);
    }

    /** {@return the same with a cache of classes and code that is made by a run before} */
    Contestant firstCached(String name, String subject) {
        return new Contestant(name, brood -> Anew.printed(brood, cached(brood, subject)), false);
    }

    private Command cached(Brood brood, String subject) throws IOException, InterruptedException {
        String cache = c.resolve(subject + ".aot").toString();
        List<String> words = List.of(subject, child("noop"));
        brood.run(java(List.of("-XX:AOTCacheOutput=" + cache), First.class, words))
                .check();
        return java(List.of("-XX:AOTCache=" + cache), First.class, words);
    }

    /** {@return a JVM that does nothing} */
    Command idleJvm() {
        return java(List.of(), First.class, List.of("none"));
    }

    private static Command java(List<String> options, Class<?> main, List<String> words) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(options);
        line.add("--enable-native-access=ALL-UNNAMED");
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        line.addAll(words);
        return Command.of(line);
    }
}
