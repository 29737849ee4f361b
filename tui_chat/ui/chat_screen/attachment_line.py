"""The line above the composer with the attachments of the message that is being written: they are seen before it is
sent."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from tui_chat.core.parts import File, Image
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.theming.marks import Mark
from tui_chat.workspace.attachments import facts_of
from tui_chat.workspace.mentioned_files import NamedFile

MOST_SHOWN = 6


class AttachmentLine(Static):
    """Attachments with size and estimate; not there while nothing is attached."""

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

    def show(self, files: Sequence[NamedFile], kept: Sequence[File | Image] = ()) -> None:
        """Show the files that the text names, and what is attached without being named."""
        lines = [_line(part.name, facts_of(part)) for part in kept]
        lines += [_line(file.name, file.facts, has_problem=bool(file.problem)) for file in files]
        shown = lines if len(lines) <= MOST_SHOWN else [*lines[: MOST_SHOWN - 1], Content("and more")]
        self.set_class(bool(lines), "-attached")
        self.update(Content("  ").join(shown))


def _line(name: str, facts: Sequence[str], *, has_problem: bool = False) -> Content:
    words = f"{Mark.FAILED.drawn if has_problem else '+'} {sanitize_line(name, 60)} {' · '.join(facts)}".replace(
        " ", "\u00a0"
    )
    return Content.styled(words, "$text-warning") if has_problem else Content(words)
