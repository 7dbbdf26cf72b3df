package dev.brood.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rules of docs/contract.md that a test shows. Such a test leaves nothing behind. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Leftovers.class) // by name: what META-INF/services says is passed over for classes of a named module
public @interface Contract {
    /** The rules' ids, such as C02. */
    String[] value();
}
