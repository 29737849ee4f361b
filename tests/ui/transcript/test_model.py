"""A growing answer in the transcript: whatever comes in whatever order, no words stand twice, none is missing, and the
end is what a fresh look shows.
"""

from datetime import UTC
from itertools import pairwise, product

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.ui.transcript.samples import answer, long_path, question, result
from tui_chat.chat.session_events import AnswerEnded, AnswerStarted, ReplyGrew
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.marks import Continuation, Continuing, Marks
from tui_chat.core.parts import Image, Reasoning, Refusal, Source, Text, ToolCall, user_message
from tui_chat.core.reply import Reply, ReplyFold
from tui_chat.core.stream_events import (
    AudioDelta,
    Outcome,
    PartReceived,
    ReasoningDelta,
    Reclassified,
    RefusalDelta,
    SourceFound,
    Stopped,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
)
from tui_chat.core.timestamps import MessageTimes, Timestamps, gap_words
from tui_chat.core.tree import Node, Tree, answer_node
from tui_chat.ui.transcript.leaves import Leaf
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.section import MARKDOWN_KINDS, Section, SectionKind

DAY_S = 86_400
QUESTION = Node("q", None, 0.0, user_message("Why?"))
ENDS = (
    Stopped(Outcome.COMPLETE, "stop"),
    Stopped(Outcome.TRUNCATED, "length"),
    Stopped(Outcome.CANCELLED),
    Stopped(Outcome.ERROR, failure=Failure(ErrorKind.NETWORK, "Cut off.", "", True)),
)
words = st.sampled_from(
    ["one ", "two\n", "\n\n", "# three\n", "- four\n", "```py\n", "a | b\n--|--\n", "\x1b[3", "1m", "**"]
)
events = st.one_of(
    st.builds(TextDelta, words),
    st.builds(ReasoningDelta, words),
    st.builds(RefusalDelta, words),
    st.builds(ToolCallDelta, st.integers(0, 2), st.just("c"), st.just("f"), st.sampled_from(["", "{}", '{"a":'])),
    st.sampled_from(
        [
            Reclassified(1),
            PartReceived(Image("https://host/a.png")),
            AudioDelta("AAAA", "audio/wav"),
            SourceFound(Source("https://a", "Tides", 1)),
        ]
    ),
)


def shown(section: Section) -> tuple[SectionKind, str, str, list[Leaf]]:
    """All that can be seen of a section."""
    section.read(80)
    return section.kind, section.call_id, section.source, section.leaves


def assert_each_word_stands_once(transcript: Transcript, reply: Reply) -> None:
    """Hold the sections, by kind, to what has come. Of text without escapes: half of one is held back."""
    for kind, part_kind in (
        (SectionKind.TEXT, Text),
        (SectionKind.REASONING, Reasoning),
        (SectionKind.REFUSAL, Refusal),
    ):
        came = "".join(part.text for part in reply.parts if isinstance(part, part_kind))
        if "\x1b" not in came:
            shown_words = "".join(each.source for each in transcript.sections if each.kind is kind)
            assert sorted(shown_words) == sorted(came)


def started(transcript: Transcript) -> ReplyFold:
    fold = ReplyFold("m")
    transcript.apply(AnswerStarted(QUESTION, answer_node("a", "q", 0.0, fold.reply())))
    return fold


def assert_leaves_are_those_of_the_source(transcript: Transcript) -> None:
    """What was made of a text piece by piece is what is made of it at once."""
    for section in transcript.sections:
        if section.kind in MARKDOWN_KINDS and not section.is_folded:
            again = Section(section.kind, section.node_id, section.source, section.labels)
            again.is_growing = section.is_growing
            again.show_raw(section.is_raw)
            assert shown(section) == shown(again)


@settings(max_examples=50, deadline=None)
@given(st.lists(events, max_size=12), st.sampled_from(ENDS), st.booleans(), st.booleans(), st.integers(1, 4))
@example([TextDelta("one "), ToolCallDelta(0, "c", "f", "{}")], ENDS[0], False, False, 1)
@example([TextDelta("one "), ReasoningDelta("one "), TextDelta("one "), Reclassified(1)], ENDS[0], False, False, 1)
@example([TextDelta("\n\n"), Reclassified(1), TextDelta("one ")], ENDS[0], True, False, 1)
def test_a_growing_answer_holds_each_word_once_and_ends_as_a_fresh_look_shows_it(
    stream: list[StreamEvent], end: Stopped, shows_reasoning: bool, is_raw: bool, pace: int
) -> None:
    transcript, fresh = (Transcript(shows_reasoning=shows_reasoning) for _ in range(2))
    transcript.shows_raw = fresh.shows_raw = is_raw
    fold = started(transcript)
    for number, event in enumerate(stream):
        fold.feed(event, number)
        transcript.apply(ReplyGrew("a", number, event))
        assert_each_word_stands_once(transcript, fold.reply())
        if number % pace == 0:
            transcript.advance()
            assert_leaves_are_those_of_the_source(transcript)
    transcript.advance()
    assert_leaves_are_those_of_the_source(transcript)
    fold.feed(end, len(stream))
    answer = answer_node("a", "q", 0.0, fold.reply())
    transcript.apply(AnswerEnded(answer))
    fresh.show((QUESTION, answer))

    assert [shown(section) for section in transcript.sections] == [shown(section) for section in fresh.sections]
    assert [each.gap for each in transcript.sections] == [each.gap for each in fresh.sections]


def at_times(*times: float) -> list[Node]:
    """A path of questions that were asked at these times."""
    path: list[Node] = []
    for at in times:
        path.append(Node(str(len(path)), path[-1].id if path else None, at, user_message("Why?")))
    return path


def gaps(transcript: Transcript) -> list[str]:
    """What stands between messages."""
    return [each.labels[0].text.strip() for each in transcript.sections if each.kind is SectionKind.TIME_GAP]


@given(st.lists(st.floats(0, 2e9), max_size=6), st.integers(0, 5))
def test_gaps_stand_where_they_did_however_the_path_came_to_be(times: list[float], kept: int) -> None:
    setting = MessageTimes(Timestamps.RELATIVE, lambda: 2e9, UTC)
    path = at_times(*times)
    grown, fresh = Transcript(times=setting), Transcript(times=setting)
    grown.show(path[:kept])
    for node in path[kept:]:
        grown.apply(AnswerStarted(node, answer_node("a", node.id, node.created_at, Reply())))
    fresh.show(path)
    assert gaps(grown) == gaps(fresh)
    assert gaps(fresh) == [
        words for one, two in pairwise(times) if (words := gap_words(one, two, 2e9, UTC))
    ]  # none of a clock that was set back
    assert fresh.index.total == sum(section.height for section in fresh.sections)


def test_a_gap_goes_with_the_message_below_it() -> None:
    transcript = Transcript(times=MessageTimes(Timestamps.ABSOLUTE, lambda: DAY_S * 9, UTC))
    first, second = at_times(0, DAY_S)
    transcript.show((first, second))
    assert gaps(transcript) == ["Fri 2 Jan"]
    other = Node("other", first.id, 60.0, user_message("How?"))
    transcript.apply(AnswerStarted(other, answer_node("a", "other", DAY_S * 2, Reply())))
    assert gaps(transcript) == ["Sat 3 Jan"]
    transcript.apply(AnswerEnded(answer_node("a", "other", DAY_S * 2, Reply(outcome=Outcome.COMPLETE))))
    assert gaps(transcript) == ["Sat 3 Jan"]


def last_label(transcript: Transcript) -> str:
    """The line that stands last."""
    leaf = transcript.sections[-1].labels[-1]
    return (leaf.text + leaf.info).strip()


def test_the_line_under_a_growing_answer_counts_and_stays_below_all_that_comes() -> None:
    transcript = Transcript()
    started(transcript)
    transcript.count(3, moves=False)
    assert last_label(transcript) == "● waiting3 s"

    transcript.apply(ReplyGrew("a", 4.0, TextDelta("word" * 100)))
    assert last_label(transcript) == "~100 tok · 4 s"
    transcript.apply(ReplyGrew("a", 5.0, ToolCallDelta(0, "c", "f", "word" * 20)))
    transcript.count(6, moves=True)

    assert last_label(transcript) == "~120 tok · 6 s · ~60 tok/s"
    assert [section.kind for section in transcript.sections[-3:]] == [
        SectionKind.TEXT,
        SectionKind.CALL,
        SectionKind.FOOT,
    ]


def test_a_beat_of_a_growing_answer_changes_one_row_and_no_height() -> None:
    transcript = Transcript()
    started(transcript)
    transcript.apply(ReplyGrew("a", 1.0, TextDelta("words\n\n" * 50)))
    transcript.advance()
    before = [(section, section.labels) for section in transcript.sections]
    rows = transcript.index.total

    transcript.count(8, moves=True)
    transcript.advance()

    assert [section for section, labels in before if section.labels != labels] == transcript.sections[-1:]
    assert transcript.index.total == rows


def test_a_path_that_is_laid_out_from_its_end_is_the_same_in_the_end() -> None:
    path = long_path(40)
    at_once, by_pieces = Transcript(), Transcript()
    at_once.show(path)
    by_pieces.show(path, last=7)
    assert not by_pieces.is_whole
    by_pieces.resize(50)
    at_once.resize(50)
    rows = 0
    while not by_pieces.is_whole:
        rows += by_pieces.make_earlier(0.0001)
    assert 0 < rows < by_pieces.index.total
    kinds = [[(each.kind, each.source, each.height) for each in of.sections] for of in (at_once, by_pieces)]
    assert kinds[0] == kinds[1]
    assert by_pieces.index.total == at_once.index.total


def continued_often() -> list[Node]:
    """Questions and answers, then an answer that was continued twice, and calls with three results."""
    path = list(long_path(2))
    for number in range(3):
        node = answer(
            f"c{number}", Text(f"part {number} "), outcome=Outcome.TRUNCATED if number < 2 else Outcome.COMPLETE
        )
        goes_on = Continuation(f"c{number - 1}", Continuing.PREFILL) if number else None
        path.append(msgspec.structs.replace(node, marks=Marks(continues=goes_on)))
    calls = [ToolCall(f"call{number}", "get_weather", "{}") for number in range(3)]
    path += [question("q", "And now?"), answer("w", *calls, finish_reason="tool_calls")]
    return [*path, *(result(f"r{number}", f"call{number}", "mild", "w") for number in range(3))]


def test_an_end_that_grows_into_the_whole_is_as_the_whole_wherever_it_was_cut() -> None:
    path = continued_often()
    whole = Transcript()
    whole.show(path)
    grown = 0
    for size in range(2, len(path)):
        for last in (size - 1, size):
            transcript = Transcript()
            transcript.show(path[-size:], last=last)
            if transcript.show_above(path):
                grown += 1
                assert not transcript.is_whole
            else:
                transcript.show(path, last=last)
            transcript.make_earlier()
            assert list(map(shown, transcript.sections)) == list(map(shown, whole.sections)), (size, last)
    assert grown > len(path)


def test_a_continued_text_stands_as_a_fresh_look_shows_it_whatever_of_it_is_muted_or_deleted() -> None:
    path = continued_often()[2:]
    parents = (None, *(node.id for node in path))
    nodes = {
        node.id: msgspec.structs.replace(node, parent_id=parent) for node, parent in zip(path, parents, strict=False)
    }
    transcript = Transcript()
    transcript.show(tuple(nodes.values()))
    for id_, mark in product(("c0", "c1", "c2") * 2, ("is_muted", "is_deleted")):
        marks = nodes[id_].marks
        is_marked = {mark: not getattr(marks, mark)}
        nodes[id_] = msgspec.structs.replace(nodes[id_], marks=msgspec.structs.replace(marks, **is_marked))
        now = Tree(nodes.values()).path(path[-1].id)
        transcript.turn_to(now)
        transcript.update_heads(now)
        fresh = Transcript()
        fresh.show(now)
        assert list(map(shown, transcript.sections)) == list(map(shown, fresh.sections)), (id_, mark)
