package dev.brood.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.testing.Contract;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Entries as bytes, in order; what is set is there once. */
class EnvironmentTest {
    private static final List<Bytes> ODD =
            List.of(bytes("A=1"), bytes("no equals"), bytes("A=2"), bytes(""), bytes("=x"), bytes("B=3"), bytes("A=4"));

    /** Each is made of an odd environment that is given, and of one that is inherited. */
    private static List<Environment> odd(UnaryOperator<Environment> change) {
        return List.of(
                change.apply(Environment.of(ODD)),
                change.apply(Environment.inherited()).over(Environment.of(ODD)));
    }

    @Test
    @Contract("S05")
    void emptyOneHasNothing() {
        assertThat(Environment.EMPTY.entries()).isEmpty();
    }

    @Test
    @Contract("S05")
    void lastOfTwoEqualNamesWins() {
        Environment environment = Environment.EMPTY
                .with(bytes("A"), bytes("1"))
                .with(bytes("B"), bytes("2"))
                .with(bytes("A"), bytes("3"));

        assertThat(texts(environment)).containsExactly("A=3", "B=2");
    }

    @Test
    @Contract("S05")
    void removedVariableIsGoneAndTheOthersStay() {
        Environment environment = Environment.EMPTY
                .with(bytes("A"), bytes("1"))
                .with(bytes("B"), bytes("2"))
                .without(bytes("A"))
                .without(bytes("NEVER_THERE"));

        assertThat(texts(environment)).containsExactly("B=2");
        assertThat(environment.value(bytes("A"))).isEmpty();
    }

    @Test
    @Contract("S05")
    void changeLeavesTheOriginalAsItWas() {
        Environment original = Environment.EMPTY.with(bytes("A"), bytes("1"));

        Environment changed = original.with(bytes("A"), bytes("2"));

        assertThat(texts(original)).containsExactly("A=1");
        assertThat(texts(changed)).containsExactly("A=2");
    }

    @Test
    @Contract({"S04", "S05"})
    void everyByteButNulAndEqualsIsKept() {
        byte[] name = allBytesBut('=');
        byte[] value = allBytesBut(0);

        Environment environment = Environment.EMPTY.with(Bytes.of(name), Bytes.of(value));

        assertThat(environment.value(Bytes.of(name))).contains(Bytes.of(value));
        assertThat(environment.entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.toArray())
                        .hasSize(name.length + 1 + value.length)
                        .startsWith(name)
                        .endsWith(value));
    }

    @Test
    @Contract("S05")
    void inheritedOneIsWhatTheProcessWasStartedWith() throws Exception {
        String started = Files.readString(Path.of("/proc/self/environ"), StandardCharsets.ISO_8859_1);

        Environment inherited = Environment.inherited();

        assertThat(texts(inherited)).isSubsetOf(started.split("\0", -1));
        assertThat(inherited.value(bytes("PATH"))).isPresent();
    }

    @Test
    @Contract("S05")
    void whatWasInheritedGoesThroughAsItIs() {
        assertThat(odd(same -> same))
                .allSatisfy(odd -> assertThat(odd.entries()).isEqualTo(ODD));
    }

    @Test
    @Contract("S05")
    void whatIsReadIsTheFirst() {
        Environment odd = Environment.of(ODD);

        assertThat(odd.value(bytes("A"))).contains(bytes("1"));
        assertThat(odd.value(bytes("B"))).contains(bytes("3"));
        assertThat(odd.value(bytes("no equals"))).isEmpty();
        assertThat(odd.value(bytes("no"))).isEmpty();
    }

    @Test
    @Contract("S05")
    void whatIsSetTakesThePlaceOfTheFirstAndTheOthersGo() {
        assertThat(odd(odd -> odd.with(bytes("A"), bytes("9")).with(bytes("N"), bytes("10"))))
                .allSatisfy(odd -> assertThat(texts(odd)).containsExactly("A=9", "no equals", "", "=x", "B=3", "N=10"));
    }

    @Test
    @Contract("S05")
    void whatIsRemovedIsGoneHoweverOftenItWasThereAndWhateverItsName() {
        assertThat(odd(odd -> odd.without(bytes("A"))))
                .allSatisfy(odd -> assertThat(texts(odd)).containsExactly("no equals", "", "=x", "B=3"));
        assertThat(odd(odd -> odd.without(bytes("no equals")).without(bytes(""))))
                .allSatisfy(odd -> assertThat(texts(odd)).containsExactly("A=1", "A=2", "B=3", "A=4"));
        assertThat(odd(odd -> odd.withEntry(bytes("=C:=x")).without(bytes("=C:"))))
                .allSatisfy(odd -> assertThat(odd.entries()).isEqualTo(ODD));
        assertThat(odd(odd -> odd.without(bytes("B=3"))))
                .allSatisfy(odd -> assertThat(odd.entries()).isEqualTo(ODD));
    }

    @Test
    @Contract("S05")
    void directoryIsNamedOnceWhereverTheProcessNamesItsOwn() {
        Environment own = Environment.of(List.of(bytes("A=1"), bytes("PWD=/a"), bytes("B=2"), bytes("PWD=/b")));

        Environment moved = Environment.inherited().in(bytes("/c//d/./e/.")).over(own);

        assertThat(texts(moved)).containsExactly("A=1", "PWD=/c/d/e", "B=2");
        assertThat(own.in(bytes("/c"))).isEqualTo(own);
    }

    @Test
    @Contract("S05")
    void entryIsAddedAsItIs() {
        assertThat(odd(odd -> odd.withEntry(bytes("A=5")).withEntry(bytes("bare"))))
                .allSatisfy(odd ->
                        assertThat(texts(odd)).endsWith("A=4", "A=5", "bare").hasSize(ODD.size() + 2));
    }

    @Test
    @Contract("S05")
    void changesAreMadeInTheirOrder() {
        assertThat(odd(odd ->
                        odd.with(bytes("A"), bytes("8")).without(bytes("A")).with(bytes("A"), bytes("9"))))
                .allSatisfy(odd -> assertThat(texts(odd)).containsExactly("no equals", "", "=x", "B=3", "A=9"));
        assertThat(odd(odd ->
                        odd.with(bytes("A"), bytes("8")).withEntry(bytes("A=7")).with(bytes("A"), bytes("9"))))
                .allSatisfy(odd -> assertThat(texts(odd)).containsExactly("A=9", "no equals", "", "=x", "B=3"));
    }

    @Test
    @Contract({"S05", "O03"})
    void variableThatIsSetAgainLeavesNoTraceOfTheFirst() {
        Environment again = Environment.inherited()
                .with(bytes("A"), bytes("1"))
                .with(bytes("B"), bytes("2"))
                .with(bytes("A"), bytes("3"));

        assertThat(again)
                .isEqualTo(Environment.inherited().with(bytes("A"), bytes("3")).with(bytes("B"), bytes("2")))
                .hasToString("inherited environment, 2 changes");
    }

    @Test
    @Contract("O03")
    void valuesAreNotShown() {
        Environment environment = Environment.EMPTY.with(bytes("TOKEN"), bytes("secret"));

        assertThat(environment).hasToString("environment of 1 variables");
    }

    private static byte[] allBytesBut(int left) {
        byte[] all = new byte[left == 0 ? 255 : 254];
        int length = 0;
        for (int value = 1; value < 256; value++) {
            if (value != left) {
                all[length++] = (byte) value;
            }
        }
        return all;
    }

    private static List<String> texts(Environment environment) {
        return environment.entries().stream()
                .map(entry -> new String(entry.toArray(), StandardCharsets.ISO_8859_1))
                .toList();
    }

    private static Bytes bytes(String text) {
        return Bytes.of(text);
    }
}
