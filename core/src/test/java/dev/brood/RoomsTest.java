package dev.brood;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The map of the rooms: dependencies run down only, and rooms on one floor do not see each other. */
class RoomsTest {
    // Read from disk: ArchUnit looks along the class path, and the module lies on the module path.
    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sys   | loop spawn reap stdio top",
                "loop  | spawn reap stdio top",
                "spawn | loop reap stdio top",
                "reap  | spawn stdio top",
                "stdio | spawn reap top",
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
    void onlySysSpeaksC() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.brood.sys")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign")
                .check(CLASSES);
    }

    @Test
    void roomsFormNoRing() {
        slices().matching("dev.brood.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    private static String[] packagesOf(String rooms) {
        return rooms.lines()
                .flatMap(line -> Arrays.stream(line.strip().split("\\s+", -1)))
                .map(RoomsTest::packageOf)
                .toArray(String[]::new);
    }

    private static String packageOf(String room) {
        return room.equals("top") ? "dev.brood" : "dev.brood." + room;
    }
}
