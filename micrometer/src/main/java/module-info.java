/** Meters of Micrometer over a context of Brood. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"
}) // Micrometer has a module's name and no descriptor
module dev.brood.micrometer {
    requires static org.jspecify;
    requires transitive dev.brood;
    requires transitive micrometer.core;

    exports dev.brood.micrometer;
}
