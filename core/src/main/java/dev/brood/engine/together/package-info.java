/** What is made of several lives: pipelines, services, supervision, scopes. */
@NullMarked
package dev.brood.engine.together;

import org.jspecify.annotations.NullMarked;
