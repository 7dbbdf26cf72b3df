package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScratchTest {
    private static final int LARGE = 100_000;
    private static final int THREADS = 8;
    private static final int ROUNDS = 20_000;

    @Test
    void whatIsBorrowedAgainIsZeroed() {
        long address;
        try (Scratch memory = Scratch.take()) {
            MemorySegment words = memory.allocate(JAVA_LONG, 16).fill((byte) 0xff);
            address = words.address();
        }
        try (Scratch again = Scratch.take()) {
            MemorySegment words = again.allocate(JAVA_LONG, 16);

            assertThat(words.address()).isEqualTo(address);
            assertThat(words.toArray(JAVA_LONG)).containsOnly(0);
        }
    }

    @Test
    void everyPieceHasItsAlignmentAndRoom() {
        try (Scratch memory = Scratch.take()) {
            MemorySegment byteFirst = memory.allocate(1);
            MemorySegment word = memory.allocate(JAVA_LONG);
            MemorySegment aligned = memory.allocate(1, 64);

            assertThat(word.address() % Long.BYTES).isZero();
            assertThat(word.address()).isGreaterThan(byteFirst.address());
            assertThat(aligned.address() % 64).isZero();
        }
    }

    @Test
    void whatIsTooLargeIsHadAllTheSame() {
        try (Scratch memory = Scratch.take()) {
            MemorySegment large = memory.allocate(LARGE).fill((byte) 1);
            MemorySegment small = memory.allocate(JAVA_LONG);

            assertThat(large.byteSize()).isEqualTo(LARGE);
            assertThat(small.get(JAVA_LONG, 0)).isZero();
        }
    }

    @Test
    @SuppressWarnings("resource")
    void whatIsGivenBackTwiceIsLentOnce() {
        Scratch memory = Scratch.take();
        memory.close();
        memory.close();
        List<Scratch> lent = new ArrayList<>();
        IntStream.range(0, 8).forEach(i -> lent.add(Scratch.take()));

        assertThat(new HashSet<>(lent)).hasSize(8);

        lent.forEach(Scratch::close);
    }

    @Test
    void noTwoThreadsHaveTheSameAtOnce() {
        Set<Long> held = ConcurrentHashMap.newKeySet();
        AtomicLong shared = new AtomicLong();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<CompletableFuture<Void>> running = IntStream.range(0, THREADS)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> borrow(held, shared), threads))
                    .toList();
            running.forEach(CompletableFuture::join);
        }

        assertThat(shared).hasValue(0);
    }

    private static void borrow(Set<Long> held, AtomicLong shared) {
        for (int round = 0; round < ROUNDS; round++) {
            try (Scratch outer = Scratch.take();
                    Scratch inner = Scratch.take()) {
                for (Scratch each : List.of(outer, inner)) {
                    long address = each.allocate(JAVA_LONG).address();
                    if (!held.add(address)) {
                        shared.incrementAndGet();
                    }
                }
                held.remove(outer.allocate(0).address() - Long.BYTES);
                held.remove(inner.allocate(0).address() - Long.BYTES);
            }
        }
    }
}
