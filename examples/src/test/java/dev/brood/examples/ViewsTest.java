package dev.brood.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The three views of a stream. */
class ViewsTest {
    @Test
    void callbacksTellEveryLineOfEveryChild() throws Exception {
        String text = Printed.by(() -> Callbacks.main(new String[] {"4"}));

        assertThat(text.lines())
                .containsExactlyInAnyOrder(
                        "child 1: 1",
                        "child 1: 2",
                        "child 2: 1",
                        "child 2: 2",
                        "child 3: 1",
                        "child 3: 2",
                        "child 4: 1",
                        "child 4: 2");
    }

    @Test
    void endlessPublisherEndsWithItsSubscriber() throws Exception {
        String text = Printed.by(() -> Published.main(new String[] {"2"}));

        assertThat(text.lines()).containsExactly("another", "another", "and then: was killed by signal PIPE");
    }

    @Test
    void conversationGoesToAndFro() throws Exception {
        String text = Printed.by(() -> Waiting.main(new String[] {"6 * 7", "1 + 1"}));

        assertThat(text.lines()).containsExactly("6 * 7 = 42", "1 + 1 = 2", "ended well");
    }
}
