"""Notes: one sentence at a time, none twice, and a failure is not pushed away unread."""

import asyncio
import re
from pathlib import Path

import pytest

from tests.fakes import opening
from tests.ui.support import chat_app, running, send, until
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.ui.chat_screen.notes import KEPT, Notes


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def shown(notes: Notes) -> str:
    """The words of the note that is shown."""
    notes.follow_clock()
    return notes.current.words if notes.current else ""


def test_a_note_takes_the_place_of_the_previous_one_and_goes_after_its_time() -> None:
    clock = Clock()
    notes = Notes(clock)
    for word in ("one", "two", "three"):
        notes.add(word)
    assert shown(notes) == "three"
    clock.now = 4.9
    assert shown(notes) == "three"
    clock.now = 5.1
    assert shown(notes) == ""


def test_a_warning_stands_until_it_was_read_and_then_the_next_one_is_shown() -> None:
    clock = Clock()
    notes = Notes(clock)
    notes.add("careful", "warning")
    notes.add("one")
    assert shown(notes) == "careful"
    clock.now = 2.1
    assert shown(notes) == "one"


def test_a_brief_note_is_shown_at_once_and_the_warning_before_it_comes_back() -> None:
    clock = Clock()
    notes = Notes(clock)
    notes.add("careful", "warning")
    notes.add("one")
    notes.add("Press again.", seconds=1)
    assert shown(notes) == "Press again."
    clock.now = 0.9
    notes.add("two")
    assert shown(notes) == "Press again."
    clock.now = 1.1
    assert shown(notes) == "careful"
    clock.now = 3.2
    assert shown(notes) == "two"


def test_a_key_takes_a_note_away_only_after_it_has_stood_for_a_second() -> None:
    clock = Clock()
    notes = Notes(clock)
    notes.add("Copied.")
    clock.now = 0.9
    assert not notes.key_pressed()
    assert shown(notes) == "Copied."
    clock.now = 1.1
    assert notes.key_pressed()
    assert shown(notes) == ""


def test_the_same_words_are_said_once() -> None:
    clock = Clock()
    notes = Notes(clock)
    notes.add("careful", "warning")
    notes.add("careful", "warning")
    assert [note.words for note in notes.recent] == ["careful"]
    clock.now = 10.1
    assert shown(notes) == ""


def test_the_last_fifty_are_kept_and_each_is_one_harmless_line() -> None:
    notes = Notes(Clock())
    for number in range(60):
        notes.add(f"note {number}\n\x1b[31mred")
    assert len(notes.recent) == KEPT
    assert notes.recent[0].words.startswith("note 59")
    assert all("\x1b" not in note.words and "\n" not in note.words for note in notes.recent)


async def test_a_note_stands_on_the_edge_of_the_composer_and_is_no_markup(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        chat.note("Copied [bold]3[/bold] lines.")
        await until(pilot, lambda: "[bold]3[/bold]" in chat.frame.top_edge.render().plain)


LONG = "The file could not be attached since it is neither text nor a picture that this model would take along."


@pytest.mark.parametrize(
    ("width", "way"),
    [
        (140, "↓ 20 new lines · Ctrl+End"),
        (70, "↓ 20 new lines · Ctrl+End"),
        (52, "↓ 20 new · Ctrl+End"),
        (40, "↓ 20 new"),
    ],
)
async def test_a_long_note_leaves_room_for_the_way_to_the_end(tmp_path: Path, width: int, way: str) -> None:
    async with running(chat_app(tmp_path), (width, 24)) as (chat, pilot):
        chat.frame.show_missed(20)
        chat.note(LONG)
        await pilot.pause()
        edge = chat.frame.top_edge.render().plain
        assert edge.startswith(f"╭─ {LONG[:15]}")
        assert edge.endswith(f"─ {way} ─╮")
        assert len(edge) == min(width, 104)


async def test_what_came_below_the_end_that_is_shown_is_counted_and_a_click_goes_there(tmp_path: Path) -> None:
    more = asyncio.Event()
    script = [*opening(), TextDelta("one\n\n" * 40), more, TextDelta("two\n\n" * 10), Stopped(Outcome.COMPLETE, "stop")]
    async with running(chat_app(tmp_path, script)) as (chat, pilot):
        await send(pilot, chat, "go")
        await until(pilot, lambda: chat.transcript.max_scroll_y > 40)
        await pilot.press("ctrl+home")
        more.set()
        await until(pilot, lambda: not chat.conversation.is_answering)
        await until(pilot, lambda: re.search(r"↓ \d+ new lines · Ctrl\+End ─╮$", chat.frame.top_edge.render().plain))
        await pilot.click(chat.frame.top_edge, offset=(chat.frame.top_edge.size.width - 6, 0))
        await until(pilot, lambda: "new line" not in chat.frame.top_edge.render().plain)
        assert chat.transcript.rows_missed == 0


@pytest.mark.parametrize(("rows_before", "rows", "begin"), [(24, 12, "──"), (12, 24, "╭─")])
async def test_the_frame_is_one_edge_as_soon_as_the_screen_is_low(
    tmp_path: Path, rows_before: int, rows: int, begin: str
) -> None:
    async with running(chat_app(tmp_path), (80, rows_before)) as (chat, pilot):
        await until(pilot, lambda: not chat.frame.top_edge.render().plain.startswith(begin))
        await pilot.resize_terminal(80, rows)
        await until(pilot, lambda: chat.frame.top_edge.render().plain.startswith(begin))
        assert bool(chat.frame.bottom_edge.display) == (rows == 24)
