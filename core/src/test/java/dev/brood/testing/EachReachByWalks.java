package dev.brood.testing;

import dev.brood.Reach;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A test for each {@link Reach} whose members are found by walks through /proc. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@EnumSource(
        value = Reach.class,
        mode = Mode.EXCLUDE,
        names = {"CHILD", "CGROUP"})
public @interface EachReachByWalks {}
