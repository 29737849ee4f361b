"""The list that opens above the composer while a slash command is being typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui_chat.core import fuzzy
from tui_chat.core.sanitize import sanitize_line


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


class CompletionPopup(OptionList, can_focus=False):
    """Shows candidates; the composer keeps the focus, the screen passes keys on."""

    DEFAULT_CSS = """
    CompletionPopup {
        height: auto;
        max-height: 60%;
        width: 100%;
        padding: 0 1;
        border: round $border-blurred;
        background: $surface;
        scrollbar-size-vertical: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        display: none;
        &.-open { display: block; }
        & > .option-list--option-highlighted {
            color: $cursor-text;
            background: $cursor;
            text-style: $cursor-style;
        }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._candidates: tuple[Candidate, ...] = ()
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
        if not self.is_open or self.highlighted is None:
            return None
        return self._candidates[self.highlighted]

    def offer(self, candidates: Sequence[Candidate]) -> None:
        """Open with these candidates, or close where there are none."""
        self._candidates = tuple(candidates)
        self._was_moved = False
        self.set_class(bool(candidates), "-open")
        width = max((len(candidate.text) for candidate in candidates), default=0) + 2
        self.set_options([Option(_line(candidate, width)) for candidate in candidates])
        self.highlighted = 0 if candidates else None

    def close(self) -> None:
        """Close; nothing is chosen."""
        self.offer(())

    def move(self, step: int) -> None:
        """Highlight another line, around the ends."""
        if self._candidates:
            self._was_moved = True
            self.highlighted = ((self.highlighted or 0) + step) % len(self._candidates)


def _line(candidate: Candidate, width: int) -> Content:
    parts: list[Content | str] = [
        Content.styled(sanitize_line(candidate.text).ljust(width), "bold"),
        Content.styled(sanitize_line(candidate.hint), "$text-muted"),
    ]
    if candidate.key:
        parts.append(Content.styled(f"  {candidate.key}", "$accent"))
    return Content.assemble(*parts)
