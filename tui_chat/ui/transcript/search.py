"""The search as a person sees it: the words, the match that is shown, and the place where reading goes on
afterwards."""

from tui_chat.ui.transcript.cursor import BlockCursor
from tui_chat.ui.transcript.finding import Finder, Hit, shown_hit
from tui_chat.ui.transcript.model import Transcript
from tui_chat.ui.transcript.rendering import Renderer
from tui_chat.ui.transcript.sought import Words, sought_for
from tui_chat.ui.transcript.viewport import Viewport
from tui_chat.ui.transcript.window import RowPlace


class Search:
    """At most one search at a time."""

    def __init__(self, transcript: Transcript, renderer: Renderer, viewport: Viewport, cursor: BlockCursor) -> None:
        self._transcript = transcript
        self._renderer = renderer
        self._viewport = viewport
        self._cursor = cursor
        self._finder: Finder | None = None
        self._before: RowPlace | None = None
        """The viewport's bookmark from when the search began."""
        self._shown: tuple[Hit, int, RowPlace] | None = None
        """The last result of `place`, with the match and the width that it was found for."""
        self._span: tuple[int, int] | None = None

    @property
    def finder(self) -> Finder | None:
        """The current search; None where there is none."""
        return self._finder

    def begin(self, words: Words, node_id: str = "") -> Finder:
        """Begin a search, in place of the previous one; where a message is named, go there at once."""
        if self._finder is None:
            self._before = self._viewport.bookmark()
        self._finder = Finder(self._transcript, sought_for(words), self._renderer.label_text, begins_in=node_id)
        self._shown = None
        if node_id:
            self._go_to(node_id)
        return self._finder

    def _go_to(self, node_id: str) -> None:
        section = next((each for each in self._transcript.sections if each.node_id == node_id), None)
        if section is not None:
            section.read(self._transcript.width)
            self._transcript.touched(section)
            self._cursor.put(section, 0)
            self._viewport.turn_to(RowPlace(section, 0, 0))

    def end(self) -> None:
        """End the search, and stay."""
        self._finder = None

    def go_back(self) -> None:
        """End the search, and go back to where it began."""
        if self._finder is not None:
            self._finder = None
            self._viewport.turn_to(self._before)

    def step(self, step: int) -> None:
        """Go to the next match, or with -1 to the previous one, and unfold what hides it."""
        hit = self._finder.step(step) if self._finder else None
        if hit is None or hit.section not in self._transcript.sections:
            return
        section = hit.section
        if section.is_folded and hit.at >= 0:
            self._transcript.toggle(self._transcript.sections.index(section))
        section.read(self._transcript.width)
        self._transcript.touched(section)
        if (place := self.place()) is not None:
            self._cursor.put(section, place.number)
            self._viewport.show(place)

    def place(self) -> RowPlace | None:
        """The row of the current match; None where there is none."""
        hit = self._finder.current if self._finder else None
        if self._finder is None or hit is None or not hit.section.is_read:
            return None
        width = self._renderer.width
        if self._shown is None or self._shown[:2] != (hit, width):
            number, row, span = shown_hit(self._finder, self._renderer, hit)
            self._shown, self._span = (hit, width, RowPlace(hit.section, number, row)), span
        return self._shown[2]

    def span(self) -> tuple[int, int] | None:
        """The current match in the text of the leaf of `place`; None where it is not to be seen."""
        return self._span if self.place() is not None else None
