package dev.brood.spawn;

import dev.brood.sys.ChildAttributes;
import dev.brood.sys.SignalMask;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntConsumer;

/** One thing that a child sets for itself, in the order of its {@link Place}. */
sealed interface Setting {
    /** When it is set. */
    enum Place {
        /** From its first moment on. */
        BIRTH,
        /** While the child has the descriptors of the JVM. */
        NAMESPACE,
        /** With the child's own descriptors in their places. */
        TERMINAL,
        /** While the child may do what the JVM may. */
        LIMIT,
        /** What the application adds. */
        APPLICATION,
        /** Ends privileges. */
        USER,
        /** Undone by a change of user, so after it. */
        PARENT,
        /** Last: from then on one can end the child. */
        SIGNALS
    }

    /** {@return when it is set} */
    Place place();

    /** {@return what it is, for an error: "the umask"} */
    String name();

    /** What takes numbers only. */
    record Numbers(Attribute attribute, String name, List<Long> values) implements Setting {
        @Override
        public Place place() {
            return attribute.place();
        }

        /** Writes the steps. */
        void write(ChildAttributes to) {
            long[] numbers = new long[values.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = values.get(i);
            }
            attribute.write(to, numbers);
        }
    }

    /** A call of the application's. */
    record Call(ChildCall call) implements Setting {
        @Override
        public Place place() {
            return Place.APPLICATION;
        }

        @Override
        public String name() {
            return call.name();
        }
    }

    /** A namespace to enter. */
    record Namespace(String name, Bytes path, int kind) implements Setting {
        @Override
        public Place place() {
            return Place.NAMESPACE;
        }
    }

    /** A cgroup to be born in. */
    record Cgroup(Bytes path) implements Setting {
        @Override
        public Place place() {
            return Place.BIRTH;
        }

        @Override
        public String name() {
            return "the cgroup";
        }
    }

    /** Which signals are blocked and ignored, and no others. */
    record Signals(SignalMask blocked, SignalMask ignored) implements Setting {
        @Override
        public Place place() {
            return Place.SIGNALS;
        }

        @Override
        public String name() {
            return "the ignored signals";
        }
    }

    /** Whose the child is. */
    record User(int uid, int gid, List<Integer> groups) {
        int[] groupArray() {
            return groups.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    /** User, capabilities (a bit each) or both. */
    record Credentials(Optional<User> user, OptionalLong capabilities) implements Setting {
        static final Credentials UNCHANGED = new Credentials(Optional.empty(), OptionalLong.empty());

        Credentials with(User other) {
            return new Credentials(Optional.of(other), capabilities);
        }

        Credentials with(long others) {
            return new Credentials(user, OptionalLong.of(others));
        }

        @Override
        public Place place() {
            return Place.USER;
        }

        @Override
        public String name() {
            return "the user or capabilities";
        }

        /**
         * Writes the steps. A program executed by another user than root has the capabilities that are ambient; one executed by root, those
         * that are inheritable or in its bounds. So all of these are set; the bounds first, while that is still allowed.
         *
         * @param bounds the capabilities that this process could give
         */
        void write(ChildAttributes to, long bounds) {
            capabilities.ifPresent(kept -> each(bounds & ~kept, to::dropFromBounds));
            user.ifPresent(now -> {
                if (capabilities.isPresent()) {
                    to.keepCapabilities();
                }
                to.user(now.uid(), now.gid(), now.groupArray());
            });
            capabilities.ifPresent(kept -> {
                to.capabilities(kept);
                each(kept, to::ambient);
            });
        }

        private static void each(long set, IntConsumer what) {
            BitSet.valueOf(new long[] {set}).stream().forEach(what);
        }
    }
}
