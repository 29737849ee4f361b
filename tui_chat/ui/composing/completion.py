"""The list that opens above the composer while a slash command or a file's `@path` is being typed."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.message import Message

from tui_chat.core import fuzzy
from tui_chat.core.sanitize import sanitize_in_place, sanitize_line
from tui_chat.ui.keys.hints import Key
from tui_chat.ui.rows.edge import key_pieces
from tui_chat.ui.rows.frame import NO_HINTS, Frame
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, Run, columns, spread, width_of

WIDEST_ARGUMENTS: Final = 14
"""Cells of the column of arguments: a long one is cut, so that the help has the room."""
NARROWEST_HELP: Final = 36
"""Cells of help below which the arguments give way."""


class Candidate(msgspec.Struct, frozen=True):
    """One line of the list."""

    text: str
    """Text that replaces the typed word when the candidate is taken."""
    hint: str = ""
    """A short help."""
    arguments: str = ""
    """Arguments that may follow."""
    key: str = ""
    """Key for the same command, as people read it; empty where there is none."""
    is_whole: bool = True
    """Needs nothing behind it, so that taking it by Enter also runs it."""
    is_open: bool = False
    """A folder: its contents are to be chosen from next."""
    others: tuple[str, ...] = ()
    """Other words that find it."""
    label: str = ""
    """Text that is shown and searched; empty: as the text."""
    marked: tuple[int, ...] = ()
    """Positions of the typed characters in the shown text."""
    facts: Row = ()
    """Facts on a file: they stand at the right edge, and the path is shortened for them."""

    @property
    def shown(self) -> str:
        """Text that is shown and searched."""
        return self.label or self.text


def match(typed: str, candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Candidates that match: beginnings first, then the others by score."""
    words = typed.lower()
    starting: list[Candidate] = []
    others: list[Candidate] = []
    for candidate in candidates:
        names = (candidate.shown, *candidate.others)
        (starting if any(name.lower().startswith(words) for name in names) else others).append(candidate)
    starting.sort(key=lambda candidate: (candidate.shown != words, not candidate.shown.lower().startswith(words)))
    query = typed.removeprefix("/")
    if not query:
        return tuple(starting)
    found = fuzzy.rank(query, others, lambda candidate: candidate.shown)
    if len(query) == 1:  # one letter is in nearly every name
        found = [row for row in found if row[0] >= fuzzy.WHOLE + fuzzy.WORD_START]
    begun = [(candidate, fuzzy.match(query, candidate.shown)) for candidate in starting]
    return (
        *(replace(candidate, marked=hit.positions if hit else ()) for candidate, hit in begun),
        *(replace(candidate, marked=positions) for _, candidate, positions in found),
    )


def marked_text(text: str, marked: Collection[int], ink: Ink, width: int) -> Row:
    """One line of text with some characters marked. Where it is too wide, its end is shown: the end of a path is its
    name."""
    start = 0
    if cell_len(text) > width:
        start, room = len(text), width - 1
        while start and room >= cell_len(text[start - 1]):
            start -= 1
            room -= cell_len(text[start])
    runs: list[Run] = [(Ink.MUTED, "…")] if start else []
    for place in range(start, len(text)):
        of = Ink.MATCH if place in marked else ink
        if runs and runs[-1][0] is of:
            runs[-1] = (of, runs[-1][1] + text[place])
        else:
            runs.append((of, text[place]))
    return tuple(runs)


class CompletionPopup(Frame):
    """Shows candidates on the composer, which keeps the focus; the screen passes keys on."""

    DEFAULT_CSS = """
    CompletionPopup {
        height: auto;
        display: none;
        & > PickList { height: auto; max-height: 12; background: $panel; }
        & > *, & > Edge { color: $border-blurred; }
        &.-open { display: block; }
    }
    """

    class Toggled(Message):
        """The list was opened or closed."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._list = PickList()
        self._list.can_focus = False
        self._candidates: tuple[Candidate, ...] = ()
        self._name_width = 0
        self._arguments_width = 0
        self._was_moved = False
        self._runs = False

    def page(self) -> ComposeResult:
        """The candidates."""
        yield self._list

    @property
    def is_open(self) -> bool:
        """There is something to choose from."""
        return self.has_class("-open")

    @property
    def is_hint(self) -> bool:
        """The list only shows what may follow."""
        return len(self._candidates) == 1 and not self._candidates[0].text

    @property
    def was_moved(self) -> bool:
        """The person moved to another line than the first."""
        return self._was_moved

    @property
    def chosen(self) -> Candidate | None:
        """The highlighted candidate."""
        return self._candidates[self._list.cursor] if self.is_open else None

    @property
    def rows(self) -> list[Row]:
        """The lines of the list."""
        return [self._list.line_at(y) for y in range(self._list.line_count())]

    def offer(self, candidates: Sequence[Candidate], note: str = "", *, title: str = "", runs: bool = False) -> None:
        """Open with these candidates and a note on the edge, or close where there are none.

        Enter runs a whole one where `runs`, and else takes it.
        A person who has gone to a candidate stays on it while it is offered again.
        """
        chosen, offered = self.chosen, [candidate.text for candidate in candidates]
        self._was_moved = self._was_moved and chosen is not None and chosen.text in offered
        cursor = offered.index(chosen.text) if self._was_moved and chosen else 0
        self._candidates = tuple(candidates)
        self._name_width = max((cell_len(candidate.shown) for candidate in candidates), default=0) + 2
        widest = max((cell_len(candidate.arguments) for candidate in candidates), default=0)
        self._arguments_width = min(widest, WIDEST_ARGUMENTS) + 2 if widest else 0
        if bool(candidates) != self.is_open:
            self.set_class(bool(candidates), "-open")
            self.post_message(self.Toggled())
        self._list.styles.height = len(candidates)
        self._list.show_items(len(candidates), self._draw_candidate, cursor=cursor)
        self.show_title(title, "" if self.is_hint else str(len(candidates)))
        self.show_state(note)
        self._runs = runs
        self.draw_keys()

    def draw_keys(self) -> None:
        """Show what the composer's keys do here: it keeps the focus."""
        chosen = self.chosen
        if chosen is None or self.is_hint or self.app.has_class(NO_HINTS):
            self.bottom_edge.show()
            return
        keys = (
            Key("Tab", "complete", ("tab",)),
            Key("Enter", "run" if self._runs and chosen.is_whole else "take", ("enter",)),
            Key("Esc", "keep the text", ("escape",)),
        )
        self.bottom_edge.show(key_pieces(keys))

    def close(self) -> None:
        """Close; nothing is chosen."""
        self.offer(())

    def move(self, step: int) -> None:
        """Move to another line, around the ends."""
        if self._candidates:
            self._was_moved = True
            self._list.cursor = (self._list.cursor + step) % len(self._candidates)
            self.draw_keys()

    def _draw_candidate(self, index: int, width: int) -> tuple[Row, ...]:
        candidate = self._candidates[index]
        name = sanitize_in_place(candidate.shown)
        if candidate.facts:
            facts = candidate.facts
            if width_of(facts) * 2 > width:
                facts = tuple((ink, words.strip()) for ink, words in facts[-1:])
            return (spread(marked_text(name, candidate.marked, Ink.TEXT, width - width_of(facts) - 1), facts, width),)
        room = min(self._name_width, max(1, width - 1))
        cells: list[tuple[Row, int]] = [(marked_text(name, candidate.marked, Ink.STRONG, len(name) * 2), room)]
        if self._arguments_width and width >= room + self._arguments_width + NARROWEST_HELP:
            cells.append((((Ink.MUTED, candidate.arguments),), self._arguments_width))
            room += self._arguments_width
        key = ((Ink.MUTED, candidate.key + " "),) if candidate.key else ()
        cells.append((((Ink.TEXT, shortened(sanitize_line(candidate.hint), width - room - width_of(key) - 1)),), width))
        return (spread(columns(*cells), key, width),)


def shortened(help_: str, width: int) -> str:
    """A help of several clauses without the last ones, where those before them fit, and without a full stop, as no
    row of a list has one; a cut marks what is too long."""
    help_ = help_.removesuffix(".")
    clauses = help_.split("; ")
    while len(clauses) > 1 and cell_len("; ".join(clauses)) > width:
        clauses.pop()
    fitting = "; ".join(clauses)
    return fitting if cell_len(fitting) <= width else help_
