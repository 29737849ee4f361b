"""Selection by mouse and search: the words as they were written, whatever the wrapping."""

import pytest
from rich.cells import cell_len
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection
from textual.strip import Strip

from tests.ui import support
from tests.ui.transcript.samples import answer, long_path, question, rich_path
from tests.ui.transcript.test_view import OneView, rows, screen, view
from tui_chat.core.parts import Reasoning, Text
from tui_chat.ui.transcript.view import TranscriptView


def cell(transcript: TranscriptView, words: str) -> Offset:
    """The cell of the view at which the words are painted."""
    for y, row in enumerate(rows(transcript)):
        if words in row:
            return Offset(1 + cell_len(row[: row.index(words)]), y)
    raise AssertionError(words)


def strips(transcript: TranscriptView) -> list[Strip]:
    """The rows in sight, with their colours."""
    return [transcript.render_line(y) for y in range(transcript.size.height)]


def place(transcript: TranscriptView, words: str, last: bool = False) -> Offset:
    """What Textual takes for the place of the first, or the last, character of the words."""
    at = cell(transcript, words) + ((cell_len(words[:-1]), 0) if last else (0, 0))
    widget, offset = transcript.screen.get_widget_and_offset_at(*at)
    assert widget is transcript
    assert offset is not None
    return offset


def selected(transcript: TranscriptView, first: str, last: str) -> str:
    """What a selection from the first words to the end of the last gives."""
    end = place(transcript, last, last=True)
    selection = Selection(place(transcript, first), Offset(end.x + 1, end.y))
    found = transcript.get_selection(selection)
    assert found is not None
    return found[0]


async def all_found(pilot: Pilot[None]) -> TranscriptView.FindProgressed:
    """What a search tells when it has looked through everything."""
    app = pilot.app
    assert isinstance(app, OneView)
    await pilot.pause()  # what an earlier search told is over
    await support.until(pilot, lambda: app.found is not None and app.found.is_done)
    assert app.found is not None
    return app.found


def shown(transcript: TranscriptView, text: str) -> None:
    transcript.show((question("q", "Why so?"), answer("a", Text(text), parent_id="q")))


@pytest.mark.parametrize("width", [24, 40, 120])
async def test_a_wrapped_paragraph_is_joined_again(width: int) -> None:
    text = "alpha beta gamma delta epsilon zeta eta theta iota kappa 漢字漢字 lambda"
    async with view(width) as (transcript, _):
        shown(transcript, text)
        assert selected(transcript, "alpha", "lambda") == text
        assert selected(transcript, "ta gamma", "kap").replace("\n", " ").startswith("ta gamma delta")


async def test_code_comes_without_its_frame_and_folds() -> None:
    code = "first = 1\n    second = '" + "x" * 60 + "'\nthird"
    async with view(40) as (transcript, _):
        shown(transcript, f"```python\n{code}\n```")
        assert selected(transcript, "first", "third") == code


async def test_cells_of_a_table_that_wraps_are_selected_where_they_stand() -> None:
    async with view(40) as (transcript, _):
        shown(transcript, "| a | b |\n|---|---|\n| one | " + "word " * 8 + "|\n| two | " + "other " * 8 + "|")
        assert selected(transcript, "two", "two") == "two"


async def test_lists_and_paragraphs_keep_their_shape() -> None:
    async with view() as (transcript, _):
        shown(transcript, "Intro.\n\n- one\n- [x] two\n  1. three\n\nEnd.")
        assert selected(transcript, "Intro.", "End.") == "Intro.\n\n- one\n- [x] two\n  1. three\n\nEnd."


async def test_a_selection_may_span_messages() -> None:
    async with view() as (transcript, _):
        shown(transcript, "Because.")
        assert selected(transcript, "so?", "Beca") == "so?\n\ndemo/writer\nBeca".replace("demo", "● demo")


async def test_the_mouse_selects_and_the_selection_is_visible() -> None:
    async with view() as (transcript, pilot):
        shown(transcript, "Some words here.")
        await pilot.pause()
        start = cell(transcript, "words")
        before = transcript.render_line(start.y)
        await pilot.mouse_down(transcript, offset=(start.x, start.y))
        await pilot.hover(transcript, offset=(start.x + 4, start.y))
        await pilot.mouse_up(transcript, offset=(start.x + 4, start.y))
        await pilot.pause()
        assert pilot.app.screen.get_selected_text() == "words"
        assert transcript.render_line(start.y).text == before.text
        assert transcript.render_line(start.y) != before


async def test_everything_selected_is_the_source() -> None:
    async with view() as (transcript, _):
        shown(transcript, "# Head\n\n**bold**")
        assert transcript.get_selection(Selection(None, None)) == ("Why so?\n\n# Head\n\n**bold**", "\n")


async def test_find_goes_to_the_last_place_and_steps_through_all() -> None:
    async with view() as (transcript, pilot):
        transcript.show(long_path(60))
        transcript.find("answer 4")
        found = await all_found(pilot)
        assert found.count == found.number == 11
        assert "Answer 49." in screen(transcript)
        transcript.find_next(-1)
        assert "Answer 48." in screen(transcript)
        transcript.find_next()
        transcript.find_next()
        assert "Answer 4." in screen(transcript)


async def test_capitals_matter_where_there_are_any() -> None:
    async with view() as (transcript, _):
        shown(transcript, "Word word WORD")
        assert transcript.find("word") == 3
        assert transcript.find("WORD") == 1
        assert transcript.find("absent") == 0
        assert transcript.find("[unbalanced") == 0


async def test_find_looks_into_folded_reasoning_and_opens_it() -> None:
    async with view() as (transcript, _):
        transcript.show((question("q", "?"), answer("a", Reasoning("hidden gem", 1.0), Text("Text."), parent_id="q")))
        assert transcript.find("gem") == 1
        assert "hidden gem" in screen(transcript)


async def test_the_mark_stands_at_the_row_of_what_was_found() -> None:
    async with view() as (transcript, pilot):
        items = [f"- item {number}" for number in range(300)]
        items[150] += " needle"
        giant = "straw " * 3_000 + "needle " + "straw " * 3_000
        path = (question("q", "?"), answer("a", Text("\n".join(items)), Text(giant), parent_id="q"))
        transcript.show(path)
        transcript.find("needle")
        for step in (0, -1):
            for width, move in ((80, step), (50, 0)):
                await pilot.resize_terminal(width, 20)
                transcript.find_next(move)
                marked = [row.text for row in strips(transcript) if row.text.startswith("▌")]
                assert len(marked) == 1
                assert "needle" in marked[0]


async def test_what_was_found_is_marked_until_the_search_ends() -> None:
    async with view() as (transcript, pilot):
        transcript.show(rich_path())
        transcript.blur()
        await pilot.pause()
        before = strips(transcript)
        transcript.find("rains")
        transcript.blur()
        await pilot.pause()
        transcript.action_follow()
        assert strips(transcript) != before
        transcript.find("")
        assert [row.text for row in strips(transcript)] == [row.text for row in before]
        assert strips(transcript) == before
