/**
 * Child processes: starting them, hearing how each ended, exactly once and truly.
 *
 * {@snippet :
 * try (Brood brood = Brood.open()) {
 *     Child child = brood.spawn(Command.of("make", "-j4").directory(Path.of("src")));
 *     Exit exit = child.await();
 *     System.out.println(child.describe()); // make [1234] exited with error status 2
 * }
 * }
 *
 * <h2>Where to find what</h2>
 *
 * <dl>
 *   <dt>Describing a child
 *   <dd>{@link dev.brood.Command}, with {@link dev.brood.Stdio} for its descriptors and {@link dev.brood.Wrapper} for what it is run through. What
 *       it is held to: {@link dev.brood.ResourceLimit}, {@link dev.brood.Capability}, {@link dev.brood.Scheduling}, {@link dev.brood.IoPriority}.
 *   <dt>Starting it
 *   <dd>{@link dev.brood.Brood}, a context that owns children. It gives a {@link dev.brood.Child} each, or what is made of children:
 *       {@link dev.brood.Collected} output, a {@link dev.brood.Pipeline}, a {@link dev.brood.Service} with its {@link dev.brood.ReadyWhen}, a
 *       {@link dev.brood.Supervised} command with its {@link dev.brood.Restart}, a {@link dev.brood.Scope}. A start that fails is a
 *       {@link dev.brood.SpawnException}.
 *   <dt>Hearing of its end
 *   <dd>{@link dev.brood.Exit}: an {@link dev.brood.ExitStatus} ({@link dev.brood.Exited}, {@link dev.brood.Signaled} or
 *       {@link dev.brood.Lost}), its {@link dev.brood.ResourceUsage} and what began it ({@link dev.brood.Ending}). By an
 *       {@link dev.brood.ExitHandler}, a future, a wait, or an {@link dev.brood.EventQueue} of {@link dev.brood.Event}s; before it,
 *       {@link dev.brood.JobChange}s.
 *   <dt>Its streams
 *   <dd>{@link dev.brood.Output} with {@link dev.brood.OutputHandler} and {@link dev.brood.Pumping}; {@link dev.brood.Input} with
 *       {@link dev.brood.InputHandler}.
 *   <dt>Ending it
 *   <dd>{@link dev.brood.Signal}, {@link dev.brood.Ladder}, {@link dev.brood.Reach}; for all children of a context {@link dev.brood.Closing}.
 *   <dt>Owning
 *   <dd>Who reaps: {@link dev.brood.Ownership}, {@link dev.brood.UnknownChildHandler}, {@link dev.brood.DeathWatch}; for a JVM that is PID 1
 *       {@link dev.brood.Init}. What is waited for besides: {@link dev.brood.Watch}. What happens: {@link dev.brood.Counters}, and where the
 *       machinery fails {@link dev.brood.Disaster}.
 * </dl>
 *
 * <p>Values are equal by content and show no argument, environment or content. Handles are interfaces that only the library implements: a
 * release may add methods to them.
 */
@NullMarked
package dev.brood;

import org.jspecify.annotations.NullMarked;
