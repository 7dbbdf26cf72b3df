package dev.brood.spawn;

import dev.brood.spawn.Setting.Place;
import dev.brood.sys.ChildAttributes;

/** What a child sets for itself by numbers alone. */
enum Attribute {
    CONTROLLING_TERMINAL(Place.TERMINAL, (to, numbers) -> to.controllingTerminal((int) numbers[0])),
    LIMIT(Place.LIMIT, (to, numbers) -> to.limit((int) numbers[0], numbers[1], numbers[2])),
    NICE(Place.LIMIT, (to, numbers) -> to.nice((int) numbers[0])),
    SCHEDULING(Place.LIMIT, (to, numbers) -> to.scheduling((int) numbers[0], (int) numbers[1])),
    IO_PRIORITY(Place.LIMIT, (to, numbers) -> to.ioPriority((int) numbers[0], (int) numbers[1])),
    AFFINITY(Place.LIMIT, ChildAttributes::affinity),
    UMASK(Place.LIMIT, (to, numbers) -> to.umask((int) numbers[0])),
    NO_NEW_PRIVILEGES(Place.LIMIT, (to, _) -> to.noNewPrivileges()),
    PARENT_DEATH(Place.PARENT, (to, numbers) -> to.parentDeathSignal((int) numbers[0]));

    private final Place place;

    @SuppressWarnings("ImmutableEnumChecker") // what is written above keeps nothing
    private final Writer writer;

    /** Writes the steps. */
    @FunctionalInterface
    private interface Writer {
        void write(ChildAttributes to, long[] numbers);
    }

    Attribute(Place place, Writer writer) {
        this.place = place;
        this.writer = writer;
    }

    Place place() {
        return place;
    }

    void write(ChildAttributes to, long[] numbers) {
        writer.write(to, numbers);
    }
}
