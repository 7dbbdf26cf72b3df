package dev.brood.engine.life;

import dev.brood.Child;

/** What a start gives: the child, and the handle for whoever started it. */
public record Started(Life life, Child handle) {}
