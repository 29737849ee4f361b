"""Days and long waits between messages: where they stand, and that nobody trips over them."""

import msgspec
from textual.geometry import Offset

from tests.ui.transcript.samples import BEGAN, answer, question
from tests.ui.transcript.test_reading import reading, under_cursor
from tests.ui.transcript.test_selecting import cell
from tests.ui.transcript.test_view import press, screen
from tui_chat.core.parts import Text
from tui_chat.core.timestamps import Timestamps, gap_words
from tui_chat.core.tree import Node
from tui_chat.ui.transcript.extraction import all_text
from tui_chat.ui.transcript.view import TranscriptView

LATER = BEGAN + 3 * 86_400
DAY = gap_words(BEGAN, LATER, LATER)


def over_a_night() -> tuple[Node, ...]:
    """A question, its answer, and a question of three days later."""
    first, reply = question("q", "Why?"), answer("a", Text("So."), parent_id="q")
    return first, reply, msgspec.structs.replace(question("q2", "And now?", "a"), created_at=LATER)


def rows_of(transcript: TranscriptView) -> list[str]:
    return [transcript.render_line(y).text.rstrip() for y in range(transcript.size.height)]


async def test_a_new_day_is_told_above_its_first_message() -> None:
    async with reading(width=40, timestamps=Timestamps.RELATIVE) as (transcript, _, app):
        app.now = LATER
        transcript.show(over_a_night())
        rows = rows_of(transcript)
        at = next(number for number, row in enumerate(rows) if DAY in row)
        assert rows[at] == f"   {DAY} ".ljust(38, "─")
        assert rows[at - 1] == rows[at + 1] == ""
        assert rows[at + 2].startswith(" ▌ And now?")


async def test_the_cursor_does_not_stop_at_a_gap_and_a_click_there_does_nothing() -> None:
    async with reading(timestamps=Timestamps.RELATIVE) as (transcript, pilot, app):
        app.now = LATER
        transcript.show(over_a_night())
        await press(pilot, "g", "j", "j")
        assert under_cursor(transcript) == ["And now?"]
        at = next(number for number, row in enumerate(rows_of(transcript)) if DAY in row)
        await pilot.click(transcript, Offset(5, at))
        assert under_cursor(transcript) == ["And now?"]


async def test_a_gap_is_found_and_selected_as_it_reads_and_copied_with_no_message() -> None:
    async with reading(timestamps=Timestamps.RELATIVE) as (transcript, pilot, app):
        app.now = LATER
        transcript.show(over_a_night())
        assert transcript.find(DAY) == 1
        await press(pilot, "escape")
        await pilot.mouse_down(transcript, offset=cell(transcript, "So."))
        await pilot.hover(transcript, offset=cell(transcript, "And now?"))
        await pilot.mouse_up(transcript, offset=cell(transcript, "And now?"))
        assert f"So.\n\n  {DAY}\n\n" in (app.screen.get_selected_text() or "")
        assert DAY not in all_text(transcript.whole)
        await press(pilot, "G", "Y")
        assert app.copied == ["And now?"]


async def test_no_day_is_told_where_times_are_off() -> None:
    async with reading() as (transcript, _, app):
        app.now = LATER
        transcript.show(over_a_night())
        assert DAY not in screen(transcript)
