package dev.brood;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The map of the rooms: dependencies run down only, and rooms on one floor do not see each other. */
class RoomsTest {
    // Read from disk: ArchUnit looks along the class path, and the module lies on the module path.
    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target", "classes"));

    private static final String WORDS = "dev.brood";
    private static final String ENGINE = "dev.brood.engine";

    /** The engine's floors, from the ground up. */
    private static final List<Set<String>> FLOORS = List.of(
            Set.of("telling"),
            Set.of("ending", "streams"),
            Set.of("starting"),
            Set.of("life"),
            Set.of("together"),
            Set.of(""));

    /** Where what is said meets who does it. A new way in is named here. */
    private static final Set<String> DOORS =
            Set.of("dev.brood.Brood$Builder", "dev.brood.Init", "dev.brood.OutputHandler");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "log   | sys loop spawn reap stdio engine words",
                "sys   | log loop spawn reap stdio engine words",
                "loop  | spawn reap stdio engine words",
                "spawn | loop reap stdio engine words",
                "reap  | spawn stdio engine words",
                "stdio | spawn reap engine words",
                "words | sys reap stdio",
            })
    void roomDoesNotKnow(String room, String others) {
        noClasses()
                .that()
                .resideInAPackage(packageOf(room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packagesOf(others))
                .check(CLASSES);
    }

    @Test
    void wordsKnowTheDoorAloneAndFromFewPlaces() {
        Set<String> from = new TreeSet<>();
        for (JavaClass word : CLASSES) {
            for (Dependency dependency : word.getDirectDependenciesFromSelf()) {
                JavaClass known = dependency.getTargetClass();
                if (word.getPackageName().equals(WORDS)
                        && known.getPackageName().startsWith(ENGINE)) {
                    assertThat(known.getName()).as("known by " + word.getName()).startsWith(ENGINE + ".Engine");
                    from.add(word.getName());
                }
            }
        }

        assertThat(from).isEqualTo(DOORS);
    }

    @Test
    void floorsOfTheEngineKnowThoseBelowThem() {
        List<String> up = new ArrayList<>();
        for (JavaClass type : CLASSES) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass known = dependency.getTargetClass();
                if (isOfEngine(type) && isOfEngine(known) && !sameRoom(type, known) && floor(type) <= floor(known)) {
                    up.add(dependency.getDescription());
                }
            }
        }

        assertThat(up).isEmpty();
    }

    @Test
    void onlyTheContextIsPutTogether() {
        noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Context")
                .and()
                .doNotHaveSimpleName("OpenBrood")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(ENGINE + ".Context")
                .check(CLASSES);
    }

    @Test
    void handlesAreInterfacesThatTheEngineImplements() {
        classes()
                .that()
                .resideInAPackage(ENGINE + "..")
                .and()
                .implement(JavaClass.Predicates.resideInAPackage(WORDS))
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CLASSES);
    }

    @Test
    void onlySysSpeaksC() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.brood.sys")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign")
                .check(CLASSES);
    }

    /** What is logged is given to code of others: one door, which is guarded. */
    @Test
    void onlyTheLogsRoomLogs() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.brood.log")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.System$Logger")
                .check(CLASSES);
    }

    @Test
    void roomsFormNoRing() {
        slices().matching("dev.brood.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    private static boolean isOfEngine(JavaClass type) {
        return type.getPackageName().startsWith(ENGINE);
    }

    private static boolean sameRoom(JavaClass one, JavaClass other) {
        return one.getPackageName().equals(other.getPackageName());
    }

    private static int floor(JavaClass type) {
        String room = type.getPackageName().substring(ENGINE.length()).replaceFirst("^\\.", "");
        for (int floor = 0; floor < FLOORS.size(); floor++) {
            if (FLOORS.get(floor).contains(room)) {
                return floor;
            }
        }
        throw new AssertionError("no floor for " + type.getName());
    }

    private static String[] packagesOf(String rooms) {
        return rooms.lines()
                .flatMap(line -> Arrays.stream(line.strip().split("\\s+", -1)))
                .map(RoomsTest::packageOf)
                .toArray(String[]::new);
    }

    /** Of the engine all rooms. */
    private static String packageOf(String room) {
        return switch (room) {
            case "words" -> WORDS;
            case "engine" -> ENGINE + "..";
            default -> WORDS + "." + room;
        };
    }
}
