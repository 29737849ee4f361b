"""The block cursor and the selected text without a widget."""

from textual.selection import Selection

from tests.ui.transcript.samples import CALLS, answer, long_path, question, result
from tests.ui.transcript.test_viewport import HEIGHT, Log, log
from tui_chat.core.parts import Reasoning, Text
from tui_chat.core.tree import Node
from tui_chat.ui.transcript.block_text import block_around, block_text
from tui_chat.ui.transcript.cursor import BlockCursor
from tui_chat.ui.transcript.palette import Palette
from tui_chat.ui.transcript.reading import Reader
from tui_chat.ui.transcript.rendering import Renderer
from tui_chat.ui.transcript.section import SectionKind
from tui_chat.ui.transcript.selecting import SelectableText
from tui_chat.ui.transcript.window import RowPlace


def reading(path: tuple[Node, ...] = ()) -> tuple[Log, Reader]:
    shown = log(path)
    return shown, Reader(shown.transcript, BlockCursor(shown.transcript), shown.viewport)


def under_cursor(reader: Reader) -> str:
    block = reader.current()
    assert block is not None
    return block_text(block)


def test_steps_go_through_every_block_and_keep_it_in_sight() -> None:
    shown, reader = reading(long_path(3))
    reader.to_first()
    assert under_cursor(reader) == "Question 0?"
    while not shown.viewport.is_following:
        reader.step(1)
        block = reader.current()
        assert block is not None
        first, end = reader.rows_of(block)
        assert first < shown.viewport.end
        assert end > shown.viewport.top
    assert under_cursor(reader) == "That is all."
    reader.step(-1)
    assert not shown.viewport.is_following
    assert under_cursor(reader) == "---"


def test_questions_are_gone_to_from_the_cursor() -> None:
    shown, reader = reading(long_path(5))
    reader.to_first()
    for number in (1, 2, 3):
        reader.to_question(1)
        assert under_cursor(reader) == f"Question {number}?"
    reader.to_question(-1)
    assert under_cursor(reader) == "Question 2?"
    reader.to_last()
    assert shown.viewport.is_following


def test_questions_are_gone_to_where_all_of_them_are_in_sight() -> None:
    path = (
        question("q", "one"),
        answer("a", Text("1"), parent_id="q"),
        question("r", "two", "a"),
        answer("b", Text("2"), parent_id="r"),
    )
    _, reader = reading(path)
    seen = []
    for step in (-1, -1, 1, 1):
        reader.to_question(step)
        seen.append(under_cursor(reader))
    assert seen == ["two", "one", "two", "two"]


def test_the_cursor_is_taken_to_what_is_in_sight_only_where_it_is_not() -> None:
    shown, reader = reading(long_path(5))
    reader.to_first()
    reader.step(1)
    before = under_cursor(reader)
    reader.look_up()
    assert under_cursor(reader) == before
    shown.viewport.go(shown.viewport.total)
    reader.look_up()
    assert under_cursor(reader) == "That is all."


def test_who_unfolds_reads_and_follows_no_more_unless_the_answer_grows() -> None:
    path = (
        question("q", "?"),
        answer("a", Reasoning("deep", 1.0), CALLS[0], parent_id="q", finish_reason="tool_calls"),
        result("t", "c1", "\n".join(map(str, range(50))), "a"),
    )
    shown, reader = reading(path)
    section = shown.transcript.sections[-1]
    assert section.is_folded
    reader.fold(section)
    assert not section.is_folded
    assert not shown.viewport.is_following
    assert reader.block == block_around(section, 0)


def test_the_raw_source_keeps_cursor_and_top_with_their_words() -> None:
    shown, reader = reading(long_path(20))
    reader.to_first()
    for _ in range(3):
        reader.to_question(1)
    reader.step(1)
    words, top = under_cursor(reader), shown.rows()[1]
    reader.toggle_raw(None)
    shown.viewport.settle()
    assert shown.rows()[1] == top
    assert words in under_cursor(reader)


def test_a_word_and_a_block_are_selected_as_they_were_written() -> None:
    shown = log((question("q", "?"), answer("a", Text("Some to-day *words*.\n\n- one\n- two"), parent_id="q")))
    renderer = Renderer(Palette({}), 80)
    text = SelectableText(shown.transcript, renderer)
    found = next(
        place for place in shown.viewport.places() if place is not None and place[1].section.kind is SectionKind.TEXT
    )
    at, (section, _, _) = found
    row = section.has_gap(0)
    word = text.word(at, RowPlace(section, 0, row), 9)
    assert word is not None
    assert text.text(word) == "to-day"
    assert text.text(text.block(at, block_around(section, 1))) == "- one\n- two"
    assert text.text(Selection(word.start, None)) == "to-day words.\n\n- one\n- two"
    assert len(shown.rows()) == HEIGHT
