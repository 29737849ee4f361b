"""The line above the composer with the attachments of the message that is being written: they are seen before it is
sent."""

from collections.abc import Callable, Sequence

from textual import events
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from tui_chat.core.parts import Given
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.rows.frame import NO_HINTS
from tui_chat.ui.theming.marks import Mark
from tui_chat.workspace.attachments import facts_of
from tui_chat.workspace.mentioned_files import NamedFile

MOST_SHOWN = 6
GAP = "  "
PLACE = "attachment"
"""Key in a style's meta; its value is the attachment's number."""


class AttachmentLine(Static):
    """Attachments with size and estimate; not there while nothing is attached. A click takes one out."""

    DEFAULT_CSS = """
    AttachmentLine {
        height: auto;
        max-height: 4;
        padding: 0 2;
        color: $text-muted;
        display: none;
        &.-attached { display: block; }
    }
    """

    def __init__(self, take_out: Callable[[str], None]) -> None:
        """`take_out` takes the attachment of this name out of the message."""
        super().__init__()
        self._take_out = take_out
        self._names: tuple[str, ...] = ()
        self._shown: list[Content] = []

    def show(self, files: Sequence[NamedFile], kept: Sequence[Given] = (), *, takes_backspace: bool = False) -> None:
        """Show the files that the text names, and what is attached without being named. `takes_backspace`: the key
        takes the last one out."""
        lines = [_line(part.name, facts_of(part)) for part in kept]
        lines += [_line(file.name, file.facts, has_problem=bool(file.problem)) for file in files]
        lines = [line.stylize(Style.from_meta({PLACE: place})) for place, line in enumerate(lines)]
        self._names = tuple(each.name for each in (*kept, *files))
        shown = lines if len(lines) <= MOST_SHOWN else [*lines[: MOST_SHOWN - 1], Content("and more")]
        self.set_class(bool(lines), "-attached")
        if lines and takes_backspace and not self.app.has_class(NO_HINTS):
            shown = [*shown, Content("Backspace take out")]
        self._shown = shown
        self._flow()

    def on_resize(self) -> None:
        """Break the line between attachments, and within none."""
        self._flow()

    def _flow(self) -> None:
        room = self.content_size.width or self.app.size.width
        rows: list[Content] = []
        for each in self._shown:
            if rows and rows[-1].cell_length + len(GAP) + each.cell_length <= room:
                rows[-1] = Content(GAP).join([rows[-1], each])
            else:
                rows.append(each)
        self.update(Content("\n").join(rows))

    def on_click(self, event: events.Click) -> None:
        """Take out the attachment that was clicked."""
        place = event.style.meta.get(PLACE)
        if isinstance(place, int) and place < len(self._names):
            event.stop()
            self._take_out(self._names[place])


def _line(name: str, facts: Sequence[str], *, has_problem: bool = False) -> Content:
    words = f"{Mark.FAILED.drawn if has_problem else '+'} {sanitize_line(name, 60)} {' · '.join(facts)}"
    return Content.styled(words, "$text-warning") if has_problem else Content(words)
