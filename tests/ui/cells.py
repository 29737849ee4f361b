"""What is drawn on a headless screen, cell by cell: words with the colours that they have and stand on."""

from collections.abc import Iterator
from typing import NamedTuple

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual._compositor import LayoutUpdate
from textual.app import App


class Run(NamedTuple):
    """Text of one look."""

    x: int
    y: int
    text: str
    style: Style


def drawn(app: App[None]) -> LayoutUpdate:
    """The whole screen, with what lies over it."""
    # Names that are private to Textual 8.2, whose own export gives no other palette: tests fail if they go.
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(update, LayoutUpdate)
    return update


def runs(app: App[None]) -> Iterator[Run]:
    """Everything on the screen, from top to bottom."""
    for y, strips in enumerate(drawn(app).strips):
        x = 0
        for segment in (segment for strip in strips for segment in strip):
            yield Run(x, y, segment.text, segment.style or Style.null())
            x += Segment.get_line_length([segment])


def lines(app: App[None]) -> list[str]:
    """The screen without colours."""
    found: dict[int, str] = {}
    for run in runs(app):
        found[run.y] = found.get(run.y, "") + run.text
    return list(found.values())


def colours(style: Style, palette: TerminalTheme) -> tuple[str, str]:
    """What a style writes with and on, in a terminal's palette."""
    front = _hex(style.color, palette, is_front=True)
    back = _hex(style.bgcolor, palette, is_front=False)
    return (back, front) if style.reverse else (front, back)


def _hex(colour: Color | None, palette: TerminalTheme, *, is_front: bool) -> str:
    return (colour or Color.default()).get_truecolor(palette, foreground=is_front).hex
