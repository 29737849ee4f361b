"""The message log with a search in it: places are shown, counted and stepped through while more may still be found."""

from collections.abc import Sequence
from typing import Final

from textual.actions import SkipAction
from textual.message import Message

from tui_chat.core.tree import Node
from tui_chat.ui.transcript.finding import Finder, Hit, leaf_and_row
from tui_chat.ui.transcript.log import TranscriptLog
from tui_chat.ui.transcript.section import Section
from tui_chat.ui.transcript.window import Place

FIND_SLICE_S: Final = 0.006
"""How long a search may hold up the screen before it goes on after the next frame."""


class SearchedLog(TranscriptLog):
    """A log in which words can be found."""

    class FindProgressed(Message):
        """More is known about what was looked for, or another place is shown; `number` counts from 1 at the top and is
        0 where there is none."""

        def __init__(self, view: "SearchedLog", number: int, count: int, *, is_done: bool) -> None:
            super().__init__()
            self.view = view
            self.number = number
            self.count = count
            self.is_done = is_done

        @property
        def control(self) -> "SearchedLog":
            """The view."""
            return self.view

    _finder: Finder | None = None
    _before_find: Place | None = None
    """What stood at the top when the search began; None: the end was followed."""
    _shown_hit: tuple[Hit, int, Place] | None = None
    """The place that is shown: where it was found, and its row at a width."""

    def show(self, path: Sequence[Node]) -> None:
        """Replace what is shown; an empty path shows the welcome."""
        self._finder = None
        super().show(path)

    def find(self, words: str) -> int:
        """Show where words occur (capitals matter where there are any) and go to the last place; how many are known
        yet. Long conversations are looked through in slices. Empty words end the search."""
        self._fold_in()
        if not words.strip():
            self.end_find()
            return 0
        if self._finder is None:
            self._before_find = None if self._is_following else self._window.place_at(self._top)
        self._finder = Finder(self._transcript, words)
        self._go_on_finding(self._finder)
        self._settle()
        return self._finder.count if self._finder else 0

    def _go_on_finding(self, finder: Finder) -> None:
        if finder is not self._finder:
            return
        is_done = finder.scan(FIND_SLICE_S)
        if finder.current is None and finder.count:
            self.find_next(0)
        else:
            self._tell_found()
        if not is_done:
            self.set_timer(FIND_SLICE_S, lambda: self._go_on_finding(finder))

    def _tell_found(self) -> None:
        if (finder := self._finder) is not None:
            self.post_message(self.FindProgressed(self, finder.number, finder.count, is_done=finder.is_done))

    def find_next(self, step: int = 1) -> None:
        """Go to the next place that was found, or with -1 to the one before; round at the ends."""
        finder = self._finder
        if finder is None:
            return
        self._fold_in()
        hit = finder.step(step)
        if hit is not None and hit.section in self._transcript.sections:
            section = hit.section
            if section.is_folded and hit.at >= 0:
                self._transcript.toggle(self._transcript.sections.index(section))
            section.read(self._transcript.width)
            self._transcript.touched(section)
            if (place := self._found_place()) is not None:
                self._stand_on(section, place.number)
                self._show_place(place)
        self._tell_found()

    def _found_place(self) -> Place | None:
        """The row of the place that is shown; None where there is none."""
        hit = self._finder.current if self._finder else None
        if self._finder is None or hit is None or not hit.section.is_read:
            return None
        width = self._renderer.width
        if self._shown_hit is None or self._shown_hit[:2] != (hit, width):
            self._shown_hit = hit, width, Place(hit.section, *leaf_and_row(self._finder, self._renderer, hit))
        return self._shown_hit[2]

    def _show_place(self, place: Place) -> None:
        """Bring a row into sight, with something above and below it."""
        height = self.scrollable_content_region.height
        if (row := self._window.row_of(place)) is None:
            return
        self._window.settle(row, height)
        row = self._window.row_of(place) or 0
        if self._top + 1 <= row < self._top + height - 2:
            self._settle()
        else:
            self._go(max(0, row - height // 3))

    def end_find(self, *, goes_back: bool = False) -> None:
        """Show no places any more; and where the person was before, if that is wanted."""
        finder, self._finder = self._finder, None
        if finder is not None and goes_back:
            if self._before_find is None:
                self._is_following = True
            elif (row := self._window.row_of(self._before_find)) is not None:
                self._go(row)
        self._settle()

    def action_found(self, step: int) -> None:
        """To the next place that was found, or the one before."""
        if self._finder is None:
            raise SkipAction
        self.find_next(step)

    def action_end_find(self) -> None:
        """Show no places any more, and stay."""
        if self._finder is None:
            raise SkipAction
        self.end_find()

    def _stand_on(self, section: Section, number: int) -> None:
        """A place in this leaf is shown."""
