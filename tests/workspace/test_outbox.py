"""The line of waiting messages: none lost, none twice, each where it belongs."""

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.workspace.outbox import Outbox


def queue_of(*messages: str) -> Outbox:
    queue = Outbox()
    for message in messages:
        queue.add(message)
    return queue


def test_a_message_that_was_taken_out_goes_back_to_its_place() -> None:
    queue = queue_of("a", "b", "c")
    assert queue.take(1) == "b"
    queue.add("B")
    queue.add("d")
    assert queue.messages == ("a", "B", "c", "d")


def test_its_place_moves_up_with_the_others() -> None:
    queue = queue_of("a", "b", "c")
    queue.take(1)
    assert queue.next() == "a"
    queue.add("B")
    assert queue.messages == ("B", "c")


def test_a_message_moves_no_further_than_the_ends() -> None:
    queue = queue_of("a", "b", "c")
    assert queue.move(0, -1) == 0
    assert queue.move(0, 5) == 2
    assert queue.messages == ("b", "c", "a")


@given(st.lists(st.tuples(st.sampled_from(("next", "take", "remove", "move", "add")), st.integers(0, 9))))
def test_no_message_is_lost_and_none_is_there_twice(steps: list[tuple[str, int]]) -> None:
    queue = queue_of(*map(str, range(5)))
    out: list[str] = []
    for number, (step, index) in enumerate(steps):
        if step == "add":
            queue.add(f"new {number}")
        elif len(queue):
            index %= len(queue)
            match step:
                case "next":
                    out.append(queue.next())
                case "take":
                    out.append(queue.take(index))
                case "remove":
                    out.append(queue.remove(index))
                case _:
                    queue.move(index, index + 1)
    added = [f"new {number}" for number, (step, _) in enumerate(steps) if step == "add"]
    assert sorted([*out, *queue.take_all()]) == sorted([*map(str, range(5)), *added])
