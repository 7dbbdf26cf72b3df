package dev.brood;

/** What a start gives: the child, and the handle for whoever started it. */
record Started(Life life, Child handle) {}
