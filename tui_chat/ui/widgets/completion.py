"""The list that opens above the composer while a slash command is being typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from textual.geometry import Size

from tui_chat.core import fuzzy
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.widgets.pick_list import PickList
from tui_chat.ui.widgets.rows import Ink, Row, spread


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of the list."""

    text: str
    """What the composer holds once it is taken, the slash included."""
    hint: str
    """What may follow, and what it does."""
    key: str = ""
    """The key that does the same, for people; empty where there is none."""
    is_whole: bool = True
    """Nothing has to follow, so that taking it by Enter also runs it."""
    others: tuple[str, ...] = ()
    """Other words that it is known by."""


def match(typed: str, candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidates that fit what was typed: beginnings first, then the rest by how well they fit."""
    words = typed.lower()
    starting: list[Candidate] = []
    others: list[Candidate] = []
    for candidate in candidates:
        names = (candidate.text, *candidate.others)
        (starting if any(name.lower().startswith(words) for name in names) else others).append(candidate)
    starting.sort(key=lambda candidate: not candidate.text.lower().startswith(words))
    if len(words) < 3:  # one letter is in nearly every name
        return tuple(starting)
    found = fuzzy.rank(typed.removeprefix("/"), others, lambda candidate: candidate.text)
    return (*starting, *(candidate for _, candidate, _ in found))


class CompletionPopup(PickList, can_focus=False):
    """Shows candidates; the composer keeps the focus, the screen passes keys on."""

    DEFAULT_CSS = """
    CompletionPopup {
        height: auto;
        max-height: 60%;
        width: 100%;
        padding: 0 1;
        border: round $border-blurred;
        background: $surface;
        scrollbar-size-horizontal: 0;
        display: none;
        &.-open { display: block; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._candidates: tuple[Candidate, ...] = ()
        self._name_width = 0
        self._was_moved = False

    @property
    def is_open(self) -> bool:
        """There is something to choose from."""
        return self.has_class("-open")

    @property
    def was_moved(self) -> bool:
        """The person went to another line than the first."""
        return self._was_moved

    @property
    def chosen(self) -> Candidate | None:
        """The highlighted candidate."""
        return self._candidates[self.cursor] if self.is_open else None

    def offer(self, candidates: Sequence[Candidate]) -> None:
        """Open with these candidates, or close where there are none."""
        self._candidates = tuple(candidates)
        self._was_moved = False
        self._name_width = max((cell_len(candidate.text) for candidate in candidates), default=0) + 2
        self.set_class(bool(candidates), "-open")
        self.show_items(len(candidates), self._draw_candidate, cursor=0)
        self.refresh(layout=True)

    def close(self) -> None:
        """Close; nothing is chosen."""
        self.offer(())

    def move(self, step: int) -> None:
        """Highlight another line, around the ends."""
        if self._candidates:
            self._was_moved = True
            self.cursor = (self.cursor + step) % len(self._candidates)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as the list is long."""
        del container, viewport, width
        return len(self._candidates)

    def _draw_candidate(self, index: int, width: int) -> tuple[Row, ...]:
        candidate = self._candidates[index]
        name = set_cell_size(sanitize_line(candidate.text), min(self._name_width, max(1, width - 1)))
        key: Row = ((Ink.ACCENT, candidate.key),) if candidate.key else ()
        return (spread(((Ink.STRONG, name), (Ink.MUTED, sanitize_line(candidate.hint))), key, width),)
