package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.ReadyWhen;
import dev.brood.Restart;
import dev.brood.SpawnException;
import dev.brood.SpawnException.Step;
import dev.brood.Stdio;
import dev.brood.Wrapper;
import dev.brood.testing.Contract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command means, seen by real children: environment, program, and which commands are refused. */
class CommandRulesTest {
    private static final Command TRUE = Command.of("true");

    @TempDir
    Path directory;

    @Test
    @Contract("S05")
    void emptyEnvironmentIsEmpty() throws Exception {
        assertThat(environmentOf(Command.of("env").env("A", "1").clearEnv())).isEmpty();
    }

    @Test
    @Contract("S05")
    void clearedEnvironmentHasWhatIsSetAfter() throws Exception {
        assertThat(environmentOf(Command.of("env").clearEnv().env("A", "1").env("B", "")))
                .containsExactly("A=1", "B=");
    }

    @Test
    @Contract({"S01", "S05"})
    void withoutAWordTheJvmsEnvironmentIsInherited() throws Exception {
        String own = Files.readString(Path.of("/proc/self/environ"), StandardCharsets.ISO_8859_1);

        assertThat(environmentOf(Command.of("env"))).isNotEmpty().isSubsetOf(own.split("\0", -1));
        assertThat(environmentOf(Command.of("env")))
                .hasSizeGreaterThanOrEqualTo(System.getenv().size());
    }

    @Test
    @Contract("S05")
    void variableIsAddedToWhatIsInherited() throws Exception {
        List<String> inherited = environmentOf(Command.of("env"));

        List<String> changed = environmentOf(Command.of("env").env("BROOD_TEST", "1"));

        assertThat(changed).contains("BROOD_TEST=1").containsAll(inherited).hasSize(inherited.size() + 1);
    }

    @Test
    @Contract("S05")
    void pwdNamesTheChildsDirectory() throws Exception {
        Path sub = Files.createDirectory(directory.resolve("sub"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), sub);
        Path here = Path.of("").toAbsolutePath();

        assertThat(pwd(Command.of("env").directory(directory))).containsExactly("PWD=" + directory);
        assertThat(pwd(Command.of("env").directory(link))).containsExactly("PWD=" + link);
        assertThat(pwd(Command.of("env").directory(sub).directory(directory))).containsExactly("PWD=" + directory);
        assertThat(pwd(Command.of("env").directory(Path.of("src")))).containsExactly("PWD=" + here.resolve("src"));
        assertThat(pwd(Command.of("env").directory(Path.of(".")))).containsExactly("PWD=" + here);
        assertThat(pwd(Command.of("env").directory(Path.of("src/..")))).containsExactly("PWD=" + here + "/src/..");
        assertThat(pwd(Command.of("env").directory(Path.of("/")))).containsExactly("PWD=/");
        assertThat(output(Command.of("/bin/sh", "-c", "pwd").directory(link))).isEqualTo(link + "\n");
    }

    @Test
    @Contract("S05")
    void pwdIsAsItWasSaidAndNoneWhereNothingIsInherited() throws Exception {
        Command env = Command.of("env").directory(directory);

        assertThat(pwd(env.env("PWD", "/mine"))).containsExactly("PWD=/mine");
        assertThat(pwd(Command.of("env").env("PWD", "/mine").directory(directory)))
                .containsExactly("PWD=/mine");
        assertThat(pwd(env.envRemove("PWD"))).isEmpty();
        assertThat(pwd(env.clearEnv())).isEmpty();
        assertThat(pwd(Command.of("env").clearEnv().directory(directory))).isEmpty();
        assertThat(pwd(Command.of("env"))).isEqualTo(ownPwd());
    }

    @Test
    @Contract("S05")
    void otherDirectoryChangesNothingElse() throws Exception {
        List<String> elsewhere = new ArrayList<>(environmentOf(Command.of("env").directory(directory)));
        List<String> here = new ArrayList<>(environmentOf(Command.of("env")));

        elsewhere.remove("PWD=" + directory);
        here.removeIf(line -> line.startsWith("PWD="));
        assertThat(elsewhere).isEqualTo(here);
    }

    @Test
    @Contract("S05")
    void inheritedVariableIsReplacedAndRemoved() throws Exception {
        String path = "PATH=" + System.getenv("PATH");

        assertThat(environmentOf(Command.of("/usr/bin/env").env("PATH", "/tmp")))
                .contains("PATH=/tmp")
                .doesNotContain(path);
        assertThat(environmentOf(Command.of("env").envRemove("PATH"))).noneMatch(line -> line.startsWith("PATH="));
        assertThat(environmentOf(Command.of("env"))).contains(path);
    }

    @Test
    @Contract("S05")
    void lastOfTwoEqualNamesWins() throws Exception {
        Command command = Command.of("env").clearEnv();

        assertThat(environmentOf(command.env("A", "1").env("A", "2"))).containsExactly("A=2");
        assertThat(environmentOf(command.env("A", "1").envRemove("A"))).isEmpty();
        assertThat(environmentOf(command.env("A", "1").envRemove("A").env("A", "3")))
                .containsExactly("A=3");
    }

    @Test
    @Contract("S05")
    void nameThatIsEmptyOrHoldsEqualsCannotBeSet() {
        assertThatIllegalArgumentException().isThrownBy(() -> TRUE.env("", "1"));
        assertThatIllegalArgumentException().isThrownBy(() -> TRUE.env("A=B", "1"));
    }

    @Test
    @Contract({"S04", "S05"})
    void entryIsGivenByteForByte() throws Exception {
        Command command = Command.of("env").clearEnv();

        assertThat(environmentOf(command.envEntry(bytes("A=1"))
                        .envEntry(bytes("A=2"))
                        .envEntry(bytes("bare"))
                        .envEntry(bytes("=C:=x"))))
                .containsExactly("A=1", "A=2", "bare", "=C:=x");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> command.envEntry(new byte[] {'A', '=', 0}))
                .withMessage("entry holds a NUL");
    }

    @Test
    @Contract("S05")
    void anyNameCanBeRemoved() throws Exception {
        Command command = Command.of("env")
                .clearEnv()
                .envEntry(bytes("bare"))
                .envEntry(bytes("=x"))
                .envEntry(bytes("=C:=y"))
                .env("A", "1");

        assertThat(environmentOf(command.envRemove("bare").envRemove("=C:"))).containsExactly("=x", "A=1");
        assertThat(environmentOf(command.envRemove(""))).containsExactly("bare", "A=1");
    }

    @Test
    @Contract("S06")
    void programIsLookedForInThePathOfTheChildsEnvironment() throws Exception {
        script("brood-tool", "#!/bin/sh\necho mine\n");

        assertThat(output(Command.of("brood-tool").env("PATH", directory.toString())))
                .isEqualTo("mine\n");
        assertThatExceptionOfType(SpawnException.class).isThrownBy(() -> output(Command.of("brood-tool")));
    }

    @Test
    @Contract("S06")
    void withoutPathTheUsualDirectoriesAreSearched() throws Exception {
        assertThat(output(Command.of("echo", "hi").clearEnv())).isEqualTo("hi\n");
        assertThat(output(Command.of("echo", "hi").envRemove("PATH"))).isEqualTo("hi\n");
    }

    @Test
    @Contract("S06")
    void emptyPathIsTheChildsDirectoryAlone() throws Exception {
        script("brood-tool", "#!/bin/sh\necho mine\n");

        assertThat(output(Command.of("brood-tool").env("PATH", "").directory(directory)))
                .isEqualTo("mine\n");
        assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> output(Command.of("echo").env("PATH", "").directory(directory)));
    }

    @Test
    @Contract("S06")
    void relativeProgramIsFoundFromTheChildsDirectory() throws Exception {
        Files.createDirectory(directory.resolve("bin"));
        script("bin/tool", "#!/bin/sh\necho \"$0 in $(pwd)\"\n");

        assertThat(output(Command.of("bin/tool").directory(directory)))
                .isEqualTo("bin/tool in " + directory.toRealPath() + "\n");
        assertThat(output(Command.of("tool").env("PATH", "bin:/usr/bin:/bin").directory(directory)))
                .isEqualTo("bin/tool in " + directory.toRealPath() + "\n");
    }

    @Test
    @Contract("S06")
    void noShellIsTriedForAFileWithoutInterpreter() throws Exception {
        script("plain", "echo a shell ran me\n");

        for (Command command : List.of(
                Command.of(directory + "/plain"),
                Command.of("./plain").directory(directory),
                Command.of("plain").env("PATH", directory + ":/usr/bin:/bin"))) {
            assertThatExceptionOfType(SpawnException.class)
                    .isThrownBy(() -> output(command))
                    .satisfies(failure -> assertThat(failure.errno()).contains("ENOEXEC"));
        }
    }

    @Test
    @Contract("S06")
    void programSeesAnotherNameButTheSameProgramRuns() throws Exception {
        Command command = Command.of("cat", "/proc/self/cmdline");

        assertThat(output(command)).isEqualTo("cat\0/proc/self/cmdline\0");
        assertThat(output(command.argv0("-other name"))).isEqualTo("-other name\0/proc/self/cmdline\0");
        assertThat(output(command.argv0(""))).isEqualTo("\0/proc/self/cmdline\0");
    }

    @Test
    @Contract("S06")
    void emptyCommandIsRefusedAndAnEmptyProgramNotFound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Command.of(List.of()))
                .withMessage("an empty command");
        assertThatIllegalArgumentException().isThrownBy(() -> Command.from(new ProcessBuilder()));
        assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> output(Command.of("")))
                .satisfies(failure -> {
                    assertThat(failure.step()).isEqualTo(Step.PROGRAM);
                    assertThat(failure.errno()).contains("ENOENT");
                });
    }

    @Test
    @Contract({"S06", "S17"})
    void argumentsAreAddedAtTheEndWhateverIsAroundThem() throws Exception {
        Command echo = Command.of("printf", "<%s>", "a").args("it's", "").args("b c");

        assertThat(output(echo)).isEqualTo("<a><it's><><b c>");
        assertThat(output(Command.of("printf", "<%s>")
                        .through(Wrapper.of("env", "A=1"))
                        .through(Wrapper.shell("/bin/sh", "-c"))
                        .through(Wrapper.shell("/bin/sh", "-c"))
                        .args("a", "it's", "", "b c")))
                .isEqualTo(output(echo));
    }

    @Test
    @Contract("S06")
    void itemsOfAScriptAreNoCode() throws Exception {
        assertThat(output(Command.shell("echo \"$# $1 $2\"", "a; echo b", "$(echo c)")))
                .isEqualTo("2 a; echo b $(echo c)\n");
    }

    @Test
    @Contract("S05")
    void severalVariablesAreSetAtOnce() throws Exception {
        assertThat(environmentOf(Command.of("env").clearEnv().env("A", "0").env(Map.of("A", "1", "B", "2"))))
                .containsExactlyInAnyOrder("A=1", "B=2");
    }

    @Test
    @Contract("S06")
    void emptyArgumentsStayWhereTheyAre() throws Exception {
        assertThat(output(Command.of("/bin/sh", "-c", "echo $#:$1:$2:$3", "sh", "", "b", "")))
                .isEqualTo("3::b:\n");
    }

    @Test
    @Contract({"S01", "S06"})
    void commandCanBeStartedAgainAndItsVariantsLeaveItAsItWas() throws Exception {
        Command original = Command.of("/bin/sh", "-c", "echo $A").env("A", "1");

        Command variant = original.env("A", "2").directory(directory).argv0("other");

        assertThat(output(original)).isEqualTo("1\n");
        assertThat(output(variant)).isEqualTo("2\n");
        assertThat(output(original)).isEqualTo("1\n");
    }

    @Test
    @Contract("S17")
    void whatMakesNoSenseIsRefusedBeforeThereIsAStart() {
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> TRUE.fd(-1, Stdio.devNull()),
                () -> TRUE.stdin(Stdio.collect(1)),
                () -> Stdio.descriptor(-1),
                () -> Stdio.collect(-1),
                () -> TRUE.group(0),
                () -> TRUE.group(1L << 32 | 1),
                () -> TRUE.silence(Duration.ZERO),
                () -> Restart.always().limit(1, Duration.ofSeconds(-1)),
                () -> Restart.always().limit(1, Duration.ZERO),
                () -> Restart.always().backOff(Duration.ofSeconds(-1), Duration.ZERO),
                () -> Restart.always().resetAfter(Duration.ofSeconds(-1)),
                () -> ReadyWhen.test(() -> true, Duration.ofSeconds(-1)),
                () -> Brood.builder().grace(Duration.ofSeconds(-1)),
                () -> TRUE.group(-7))) {
            assertThatIllegalArgumentException().isThrownBy(call);
        }
    }

    @Test
    @Contract("O03")
    void argumentsAndEnvironmentAreNotShown() {
        Command command = Command.of("/usr/bin/login", "secret").env("TOKEN", "secret");

        assertThat(command).hasToString("/usr/bin/login (1 arguments)");
        assertThat(command.program()).isEqualTo("/usr/bin/login");
    }

    private static List<String> pwd(Command command) throws Exception {
        return environmentOf(command).stream()
                .filter(line -> line.startsWith("PWD="))
                .toList();
    }

    private static List<String> ownPwd() {
        String own = System.getenv("PWD");
        return own == null ? List.of() : List.of("PWD=" + own);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<String> environmentOf(Command command) throws Exception {
        return output(command).lines().toList();
    }

    private static String output(Command command) throws Exception {
        try (Brood brood = Brood.open()) {
            return brood.run(command).check().stdoutText();
        }
    }

    private void script(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
