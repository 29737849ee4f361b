"""Numbered choices and questions answered by yes or no.

A command that is typed in the place of an answer leaves the question and is carried out. So is whatever else is no
answer where nobody sits at a terminal: a script asks no question back, and each of its lines counts.
"""

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from tui_chat.core.sanitize import sanitize_line
from tui_chat.plain.lines import Lines
from tui_chat.plain.messages import is_command
from tui_chat.plain.speech import Speech

Item = TypeVar("Item")

PAGE = 20
_LEAVE = ("q", "quit", "exit", ":q")
"""What leaves a list; the words that leave the program without a slash leave that first."""

_YES = ("y", "yes")
_NO = ("n", "no", "")


class Deed(NamedTuple, Generic[Item]):
    """Something that is to be done with the items of a list, and no choice of one."""

    name: str
    item: Item | None
    """The item whose number was given; None where the deed needs none."""
    words: str
    """What follows the number."""


class Offer(NamedTuple, Generic[Item]):
    """How a list is offered."""

    words: Callable[[Item], str]
    narrowed: Callable[[str], Sequence[Item]] | None = None
    """Finds the items for typed words; None where words find nothing."""
    heading: Callable[[Item], str] | None = None
    """What an item stands under, while nothing is narrowed; empty where under nothing."""
    above: Callable[[Item], str] | None = None
    """What is said before an item, whatever is; empty where nothing is."""
    page: int = PAGE
    counts_down: bool = False
    """The last item has the number 1."""
    deeds: Sequence[str] = ()
    """What can be done with an item by its number, `rename 3 A name`, or with none."""
    lone_deeds: Sequence[str] = ()
    """Those that may stand without a number."""


def choose(
    speech: Speech,
    lines: Lines,
    items: Sequence[Item],
    words: Callable[[Item], str],
    *,
    narrowed: Callable[[str], Sequence[Item]] | None = None,
    above: Callable[[Item], str] | None = None,
    page: int = PAGE,
    counts_down: bool = False,
) -> Item | None:
    """Let the person choose an item by its number; None where nothing was chosen. The rest is as in `Offer`.

    Raises:
        EOFError, Interrupted: as `Lines.read`.
    """
    return choose_or_do(
        speech, lines, items, Offer(words, narrowed, above=above, page=page, counts_down=counts_down)
    ).item


def choose_or_do(speech: Speech, lines: Lines, items: Sequence[Item], offer: Offer[Item]) -> Deed[Item]:
    """Let the person choose an item by its number, or say what is to be done with one. A choice is a deed without a
    name; its item is None where nothing was chosen.

    Raises:
        EOFError, Interrupted: as `Lines.read`.
    """
    shown, heading, above = 0, offer.heading, ""
    while True:
        end = min(len(items), shown + offer.page)
        for number in range(shown, end):
            if heading is not None and (found_above := heading(items[number])) != above:
                above = found_above
                speech.say(f"{above}.")
            if offer.above is not None and (said := offer.above(items[number])):
                speech.say(said)
            said_number = len(items) - number if offer.counts_down else number + 1
            speech.say(f"{said_number}. {offer.words(items[number])}")
        shown = end
        line = lines.read(_prompt(len(items), shown, offer))
        answer = line.strip()
        numbered = items[::-1] if offer.counts_down else items
        if (item := _numbered(answer, numbered)) is not None:
            return Deed("", item, "")
        if answer.lower() in _LEAVE or (not answer and shown == len(items)):
            speech.say("Nothing was chosen.")
            return Deed("", None, "")
        if not answer:
            continue
        if (deed := _deed_in(answer, items, offer)) is not None:
            return deed
        is_answer = offer.narrowed is not None or answer.isdecimal()
        if is_command(line) or not (is_answer or lines.is_terminal):
            lines.put_back([line])
            speech.say("Nothing was chosen.")
            return Deed("", None, "")
        if offer.narrowed is None or answer.isdecimal():
            speech.say(f"There is no number {sanitize_line(answer, 20)} here.")
            continue
        if found := offer.narrowed(answer):
            items, shown, heading = found, 0, None
            speech.say("1 fits:" if len(items) == 1 else f"{len(items)} fit:")
        else:
            speech.say("Nothing fits these words.")


def _numbered(text: str, items: Sequence[Item]) -> Item | None:
    """The item with this number; None where there is none."""
    is_number = text.isdecimal() and text.isascii() and len(text) < 10
    return items[int(text) - 1] if is_number and 1 <= int(text) <= len(items) else None


def _deed_in(text: str, items: Sequence[Item], offer: Offer[Item]) -> Deed[Item] | None:
    """The deed that was typed; None where the words are none."""
    name, _, rest = text.partition(" ")
    name, (number, _, words) = name.lower(), rest.strip().partition(" ")
    if name in offer.lone_deeds and not rest:
        return Deed(name, None, "")
    item = _numbered(number, items)
    return Deed(name, item, words.strip()) if name in offer.deeds and item is not None else None


def confirm(lines: Lines, question: str) -> bool:
    """Ask a question; anything but yes is no. Raises as `Lines.read` does."""
    line = lines.read(f"{question} y or n: ")
    answer = line.strip().lower()
    if is_command(line) or not (lines.is_terminal or answer in _YES or answer in _NO):
        lines.put_back([line])
    return answer in _YES


def _prompt(count: int, shown: int, offer: Offer[Item]) -> str:
    number = f"Choose 1 to {count}" if count > 1 else "Choose 1" if count else ""
    more = f"Enter for more of {count}" if shown < count else ""
    words = "words to narrow the list" if offer.narrowed is not None else ""
    deeds = f"{', '.join(offer.deeds[:-1])} or {offer.deeds[-1]} with a number" if offer.deeds and count else ""
    lone = " or ".join(name for name in offer.lone_deeds if not deeds or name not in offer.deeds)
    leave = "q to leave" if more else "Enter or q to leave"
    return ", ".join(part for part in (number, more, words, deeds, lone, leave) if part) + ": "
