"""The fold: any events make a reply, however they were cut, and nothing that arrived is lost."""

import tracemalloc
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.store.values import deltas, events
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.parts import Fragment, Media, Part, Reasoning, Refusal, Text, ToolCall
from tui_chat.core.reply import Reply, ReplyFold, fold
from tui_chat.core.stream_events import (
    Connected,
    Heartbeat,
    Outcome,
    ProviderData,
    ReasoningDelta,
    Reclassified,
    RefusalDelta,
    RetryScheduled,
    Started,
    Stopped,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from tui_chat.core.usage import Cost, CostSource, TokenCounts


def test_fragments_of_text_become_one_part() -> None:
    reply = fold(
        [Connected(), Started("r1", "m"), TextDelta("Hel"), TextDelta("lo"), Stopped(Outcome.COMPLETE, "stop")]
    )
    assert reply.parts == (Text("Hello"),)
    assert (reply.response_id, reply.model, reply.outcome, reply.finish_reason) == (
        "r1",
        "m",
        Outcome.COMPLETE,
        "stop",
    )


def test_parts_stand_in_the_order_in_which_they_came() -> None:
    reply = fold(
        [
            ReasoningDelta("hm"),
            TextDelta("one "),
            ToolCallDelta(0, "c", "f", "{}"),
            TextDelta("two"),
            RefusalDelta("no"),
            ReasoningDelta("again"),
        ]
    )
    assert [type(part) for part in reply.parts] == [Reasoning, Text, ToolCall, Text, Refusal, Reasoning]
    assert (reply.text, reply.reasoning, reply.refusal) == ("one two", "hmagain", "no")


def test_two_calls_that_arrive_in_turns_are_kept_apart() -> None:
    reply = fold(
        [
            ToolCallDelta(0, "a", "look", '{"x"'),
            ToolCallDelta(1, "b", "find", ""),
            ToolCallDelta(0, "", "", ":1}"),
            ToolCallDelta(1, "", "", "{}"),
            Stopped(Outcome.COMPLETE, "tool_calls"),
        ]
    )
    assert [(call.id, call.name, call.arguments) for call in reply.tool_calls] == [
        ("a", "look", '{"x":1}'),
        ("b", "find", "{}"),
    ]


def test_a_call_keeps_when_its_fragments_came() -> None:
    folding = ReplyFold()
    folding.feed(ToolCallDelta(0, "a", "f", ""), 0.5)
    folding.feed(ToolCallDelta(0, "", "", '{"a"'), 0.61234567)
    folding.feed(ToolCallDelta(0, "", "", ":1}"), 0.7)
    (call,) = folding.reply().seen_calls
    assert call.fragments == (Fragment(0.6123, 4), Fragment(0.7, 3))


def test_no_arguments_at_all_are_an_empty_object_once_the_answer_ended() -> None:
    folding = ReplyFold()
    folding.feed(ToolCallDelta(0, "a", "now", ""))
    assert folding.reply().seen_calls[0].arguments == ""
    folding.feed(Stopped(Outcome.COMPLETE, "tool_calls"))
    assert folding.reply().tool_calls[0].arguments == "{}"


def test_an_id_that_is_missing_or_used_twice_is_replaced() -> None:
    reply = fold([ToolCallDelta(0, "x", "f", ""), ToolCallDelta(1, "x", "f", ""), ToolCallDelta(2, "", "f", "")])
    ids = [call.id for call in reply.seen_calls]
    assert ids[0] == "x"
    assert len(set(ids)) == 3
    assert all(ids)


@pytest.mark.parametrize(
    ("outcome", "finish_reason", "may"),
    [
        (Outcome.COMPLETE, "tool_calls", True),
        (Outcome.COMPLETE, "stop", True),
        (Outcome.COMPLETE, None, True),
        (Outcome.COMPLETE, "length", False),
        (Outcome.COMPLETE, "content_filter", False),
        (Outcome.TRUNCATED, "tool_calls", False),
        (Outcome.ERROR, "tool_calls", False),
        (Outcome.CANCELLED, None, False),
        (None, None, False),
    ],
)
def test_only_calls_of_an_answer_that_ended_well_may_be_acted_on(
    outcome: Outcome | None, finish_reason: str | None, may: bool
) -> None:
    reply = Reply(parts=(ToolCall("a", "f", "{}"),), outcome=outcome, finish_reason=finish_reason)
    assert reply.calls_may_be_acted_on is may
    assert (len(reply.tool_calls), len(reply.partial_tool_calls)) == ((1, 0) if may else (0, 1))


def test_a_cancelled_answer_keeps_its_text() -> None:
    reply = fold([TextDelta("Half of "), Stopped(Outcome.CANCELLED)])
    assert (reply.text, reply.outcome) == ("Half of ", Outcome.CANCELLED)


def test_the_last_usage_counts() -> None:
    cost = Cost(Decimal("0.1"), CostSource.GATEWAY)
    reply = fold([UsageReported(TokenCounts(1), None, "{}"), UsageReported(TokenCounts(2), cost, '{"a":1}')])
    assert (reply.counts, reply.cost, reply.usage_raw) == (TokenCounts(2), cost, '{"a":1}')


def test_a_chunk_that_does_not_say_leaves_what_was_said() -> None:
    reply = fold([Started("r1", "m1"), Started("", "m2"), ProviderData("p", "1"), ProviderData("p", "2")])
    assert (reply.response_id, reply.model, reply.provider_data) == ("r1", "m2", {"p": "2"})


def test_what_never_came_is_unknown() -> None:
    reply = fold([Heartbeat()], "asked")
    assert reply == Reply(requested_model="asked")


def test_times_are_those_of_the_first_token_and_of_the_end() -> None:
    folding = ReplyFold()
    for at_s, event in ((0.1, Connected()), (0.2, Started("r", "m")), (0.3, ReasoningDelta("a"))):
        folding.feed(event, at_s)
    folding.feed(ReasoningDelta("b"), 1.3)
    folding.feed(TextDelta("c"), 2.0)
    folding.feed(Stopped(Outcome.COMPLETE), 3.0)
    reply = folding.reply()
    assert (reply.timing.first_token_s, reply.timing.total_s) == (0.3, 3.0)
    assert reply.parts[0] == Reasoning("ab", 1.0)


def test_retries_are_counted() -> None:
    failure = Failure(ErrorKind.RATE_LIMIT, "slow down", "wait")
    assert fold([RetryScheduled(1, 1.0, failure), RetryScheduled(2, 1.0, failure)]).retries == 2


@given(st.lists(events, max_size=30))
def test_any_events_in_any_order_make_a_reply(some: list[StreamEvent]) -> None:
    reply = fold(some, "m")
    turned = max((place for place, event in enumerate(some) if isinstance(event, Reclassified)), default=0)
    said = [event.text for event in some[turned:] if isinstance(event, TextDelta)]
    thought = [
        event.text
        for place, event in enumerate(some)
        if isinstance(event, ReasoningDelta) or (isinstance(event, TextDelta) and place < turned)
    ]
    assert reply.text == "".join(said)
    assert "".join(reply.reasoning.split()) == "".join("".join(thought).split())
    ids = [call.id for call in reply.seen_calls]
    assert len(set(ids)) == len(ids)
    assert set(reply.tool_calls) | set(reply.partial_tool_calls) == set(reply.seen_calls)


@given(st.lists(events, max_size=20), st.sets(st.integers(0, 20)))
def test_looking_at_the_reply_while_it_grows_changes_nothing(some: list[StreamEvent], looks: set[int]) -> None:
    folding = ReplyFold("m")
    for number, event in enumerate(some):
        folding.feed(event)
        if number in looks:
            folding.reply()
    assert folding.reply() == folding.reply() == fold(some, "m")


def _is_sound(part: Part) -> bool:
    return isinstance(part, Media) and part.kind == "audio"


def _told(reply: Reply) -> list[object]:
    """What a reply says, neighbours of one kind joined: two runs may be one for whoever comes later. The sound stands
    last: it comes beside the words, which go on through it."""
    told: list[object] = []
    for part in sorted(reply.parts, key=_is_sound):
        last = told[-1] if told else None
        if isinstance(part, Text | Reasoning | Refusal):
            if isinstance(last, tuple) and last[0] is type(part):
                told[-1] = (type(part), last[1] + part.text)
            else:
                told.append((type(part), part.text))
        else:
            told.append(replace(part, fragments=(), provider_data=()) if isinstance(part, ToolCall) else part)
    return told


@given(st.lists(events.filter(lambda event: not isinstance(event, Stopped)), max_size=20))
def test_whoever_comes_later_is_told_the_same(some: list[StreamEvent]) -> None:
    there, later = ReplyFold(), ReplyFold()
    for at, event in enumerate(some):
        there.feed(event, float(at))
    for at_s, event in there.arrived():
        later.feed(event, at_s)
    assert _told(later.reply()) == _told(there.reply())
    assert later.reply().model == there.reply().model


def test_a_thousand_pieces_are_told_in_two_with_the_time_that_they_took() -> None:
    folding = ReplyFold()
    for at in range(1_000):
        folding.feed(ReasoningDelta("word "), float(at))
    assert list(folding.arrived()) == [(0.0, ReasoningDelta("w")), (999.0, ReasoningDelta("ord " + "word " * 999))]


@given(st.lists(deltas, max_size=12), st.data())
def test_a_delta_cut_anywhere_folds_to_the_same(some: list[StreamEvent], data: st.DataObject) -> None:
    cut: list[StreamEvent] = []
    for event in some:
        match event:
            case TextDelta(text) | ReasoningDelta(text) | RefusalDelta(text) if len(text) > 1:
                at = data.draw(st.integers(1, len(text) - 1))
                cut += [type(event)(text[:at]), type(event)(text[at:])]
            case ToolCallDelta(index, id_, name, fragment):
                at = data.draw(st.integers(0, len(fragment)))
                cut += [ToolCallDelta(index, id_, name, fragment[:at]), ToolCallDelta(index, "", "", fragment[at:])]
            case _:
                cut.append(event)
    assert without_fragments(fold(cut)) == without_fragments(fold(some))


def test_a_call_in_very_many_fragments_keeps_the_times_of_the_first_and_of_the_last_and_all_of_the_text() -> None:
    folded = ReplyFold()
    for number in range(12_000):
        folded.feed(ToolCallDelta(0, "a", "f", "xy"), at_s=number / 100)

    (call,) = folded.reply().seen_calls
    assert (call.fragments[0].at_s, call.fragments[-1].at_s) == (0.0, 119.99)
    assert call.arguments == "xy" * 12_000
    assert len(call.fragments) == 10_000
    assert sum(fragment.length for fragment in call.fragments) == 24_000


def without_fragments(reply: Reply) -> list[object]:
    return [(part.id, part.name, part.arguments) if isinstance(part, ToolCall) else part for part in reply.parts]


def test_a_very_long_answer_takes_little_more_memory_than_its_text() -> None:
    count, word = 50_000, "worth twenty-four bytes "
    tracemalloc.start()
    try:
        folding = ReplyFold()
        for _ in range(count):
            folding.feed(TextDelta(word[:12] + word[12:]))
        reply = folding.reply()
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert reply.text == word * count
    assert peak_bytes < 2.5 * len(reply.text)


def test_looking_at_a_long_answer_while_it_grows_changes_nothing() -> None:
    folding = ReplyFold()
    words = [f"{number} " for number in range(5_000)]
    for number, word in enumerate(words):
        folding.feed(TextDelta(word))
        if number % 700 == 0:
            assert folding.reply().text == "".join(words[: number + 1])

    assert folding.reply().text == "".join(words)


def test_text_that_turns_out_to_be_reasoning_moves_and_nothing_is_lost() -> None:
    events: list[tuple[StreamEvent, float]] = [
        (TextDelta("17*20 "), 1.0),
        (TextDelta("is 340. \n"), 3.0),
        (Reclassified(15), 3.0),
        (ReasoningDelta(" So:"), 4.0),
        (TextDelta("408"), 5.0),
    ]
    folding = ReplyFold()
    for event, at_s in events:
        folding.feed(event, at_s)

    assert folding.reply().parts == (Reasoning("17*20 is 340. So:", 3.0), Text("408"))
