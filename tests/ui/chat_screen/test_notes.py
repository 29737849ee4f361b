"""Notes: one sentence at a time, none twice, and a failure is not pushed away unread."""

from pathlib import Path

from tests.ui.support import chat_app, running, until
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
