package dev.brood;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.spawn.Bytes;
import dev.brood.spawn.ChildCall;
import dev.brood.testing.Contract;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What may not be null is refused by its name: in every public method of the words and of the handles. */
class NullTest {
    private static final Set<String> OF_THE_LANGUAGE = Set.of("equals", "valueOf");
    private static final Duration SHORT = Duration.ofSeconds(1);

    /** What the methods are called on and given, by what it is. */
    private final Map<Class<?>, Object> samples = new HashMap<>(Map.of(
            String.class,
            "x",
            byte[].class,
            new byte[] {'x'},
            byte[][].class,
            new byte[][] {{'x'}},
            Path.class,
            Path.of("/"),
            Duration.class,
            SHORT,
            ByteBuffer.class,
            ByteBuffer.allocate(1),
            Charset.class,
            StandardCharsets.UTF_8,
            List.class,
            List.of("x"),
            Optional.class,
            Optional.empty(),
            IOException.class,
            new IOException("x")));

    private final List<String> wrong = new ArrayList<>();

    @Test
    @Contract("O04")
    void nullIsRefusedByItsName() throws Exception {
        values();
        Command cat = Command.of("cat").stdin(Stdio.pipe()).stdout(Stdio.pipe());
        try (Brood brood = Brood.open();
                Scope scope = brood.scope()) {
            Child child = brood.spawn(cat);
            handles(brood, scope, child);
            samples.put(Supervised.class, brood.supervise(Command.of("true"), Restart.never()));
            for (Class<?> type : publicTypes()) {
                for (Method method : type.getDeclaredMethods()) {
                    tryAll(method);
                }
            }
            child.stop(Duration.ZERO);
        }

        assertThat(wrong).isEmpty();
    }

    private void values() {
        for (Object value : List.of(
                Command.of("x"),
                Stdio.devNull(),
                Ladder.kill(),
                Restart.always(),
                ReadyWhen.line(line -> true),
                Wrapper.of("x"),
                Closing.leaveRunning(),
                Ownership.application(),
                Pumping.newest(1),
                Signal.TERM,
                new Exited(0),
                new Exit(new Exited(0), ResourceUsage.UNKNOWN, SHORT, Ending.BY_ITSELF),
                ResourceUsage.UNKNOWN,
                new ProcessBuilder("x"),
                Bytes.of("x"),
                ChildCall.of("x", 1),
                Brood.builder())) {
            samples.put(value.getClass(), value);
        }
        samples.put(
                Collected.class,
                new Collected(
                        "x",
                        new Exit(new Exited(0), ResourceUsage.UNKNOWN, SHORT, Ending.BY_ITSELF),
                        new byte[0],
                        new byte[0],
                        true));
    }

    private void handles(Brood brood, Scope scope, Child child) {
        samples.put(Brood.class, brood);
        samples.put(Scope.class, scope);
        samples.put(Child.class, child);
        samples.put(Input.class, child.stdin());
        samples.put(Output.class, child.stdout());
    }

    private void tryAll(Method method) throws IllegalAccessException {
        boolean receives = Modifier.isStatic(method.getModifiers()) || isHad(method.getDeclaringClass());
        if (!Modifier.isPublic(method.getModifiers())
                || method.isSynthetic()
                || OF_THE_LANGUAGE.contains(method.getName())
                || !receives) {
            return;
        }
        Parameter[] parameters = method.getParameters();
        for (int i = 0; i < parameters.length; i++) {
            boolean may = parameters[i].getType().isPrimitive()
                    || parameters[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
            if (!may) {
                tryNull(method, i);
            }
        }
    }

    private void tryNull(Method method, int place) throws IllegalAccessException {
        Parameter[] parameters = method.getParameters();
        @Nullable Object[] arguments = new @Nullable Object[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            arguments[i] = i == place ? null : sample(parameters[i].getType());
        }
        try {
            Object _ = method.invoke(sample(method.getDeclaringClass()), arguments);
            wrong.add(named(method, place) + " takes null");
        } catch (InvocationTargetException refusal) {
            Throwable why = refusal.getCause();
            boolean named = why instanceof NullPointerException
                    && String.valueOf(why.getMessage()).contains(parameters[place].getName());
            if (!named) {
                wrong.add(named(method, place) + " says " + why);
            }
        }
    }

    private static String named(Executable method, int place) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName() + ", "
                + method.getParameters()[place];
    }

    private boolean isHad(Class<?> type) {
        return samples.keySet().stream().anyMatch(type::isAssignableFrom);
    }

    private @Nullable Object sample(Class<?> type) {
        if (samples.containsKey(type)) {
            return samples.get(type);
        }
        if (type.isPrimitive()) {
            return type == int.class
                    ? (Object) 1
                    : type == long.class ? (Object) 1L : type == double.class ? 0.5 : (Object) false;
        }
        Optional<Object> had =
                samples.values().stream().filter(type::isInstance).findFirst();
        return had.or(() -> Optional.ofNullable(made(type))).orElse(null);
    }

    private static @Nullable Object made(Class<?> type) {
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        if (type.isArray()) {
            return java.lang.reflect.Array.newInstance(type.getComponentType(), 0);
        }
        boolean open = type.isInterface() && !type.isSealed();
        return open
                ? Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, call, _) -> answer(call))
                : null;
    }

    private static @Nullable Object answer(Method call) {
        return call.getReturnType() == boolean.class ? (Object) true : null;
    }

    private static List<Class<?>> publicTypes() throws Exception {
        List<Class<?>> types = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("target/classes/dev/brood"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name = Objects.requireNonNull(file.getFileName()).toString();
                Class<?> type = Class.forName("dev.brood." + name.substring(0, name.length() - ".class".length()));
                if (Modifier.isPublic(type.getModifiers())) {
                    types.add(type);
                }
            }
        }
        assertThat(types).hasSizeGreaterThan(50);
        return types;
    }
}
