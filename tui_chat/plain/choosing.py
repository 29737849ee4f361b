"""Numbered choices and questions answered by yes or no."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from tui_chat.core.sanitize import sanitize_line
from tui_chat.plain.lines import Lines
from tui_chat.plain.speech import Speech

Item = TypeVar("Item")

PAGE = 20


def choose(
    speech: Speech,
    lines: Lines,
    items: Sequence[Item],
    words: Callable[[Item], str],
    *,
    narrowed: Callable[[str], Sequence[Item]] | None = None,
    above: Callable[[Item], str] | None = None,
    page: int = PAGE,
) -> Item | None:
    """Let the person choose an item by its number; None where nothing was chosen. `narrowed` finds the items for typed
    words; `above` gives what is said before an item, if anything; `page` is how many are said at a time.

    Raises:
        EOFError, Interrupted: as `Lines.read`.
    """
    shown = 0
    while True:
        end = min(len(items), shown + page)
        for number in range(shown, end):
            if above is not None and (said := above(items[number])):
                speech.say(said)
            speech.say(f"{number + 1}. {words(items[number])}")
        shown = end
        answer = lines.read(_prompt(len(items), shown, can_narrow=narrowed is not None)).strip()
        if answer.isdecimal() and answer.isascii() and 1 <= int(answer) <= len(items):
            return items[int(answer) - 1]
        if answer.lower() in ("q", "quit") or (not answer and shown == len(items)):
            speech.say("Nothing was chosen.")
            return None
        if not answer:
            continue
        if narrowed is None or answer.isdecimal():
            speech.say(f"There is no number {sanitize_line(answer, 20)} here.")
            continue
        if found := narrowed(answer):
            items, shown = found, 0
            speech.say("1 fits:" if len(items) == 1 else f"{len(items)} fit:")
        else:
            speech.say("Nothing fits these words.")


def confirm(lines: Lines, question: str) -> bool:
    """Ask a question; anything but yes is no. Raises as `Lines.read` does."""
    return lines.read(f"{question} y or n: ").strip().lower() in ("y", "yes")


def _prompt(count: int, shown: int, *, can_narrow: bool) -> str:
    number = "Choose 1" if count == 1 else f"Choose 1 to {count}"
    more = f"Enter for more of {count}" if shown < count else ""
    words = "words to narrow the list" if can_narrow else ""
    leave = "q to leave" if more else "Enter or q to leave"
    return ", ".join(part for part in (number, more, words, leave) if part) + ": "
