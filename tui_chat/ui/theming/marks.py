"""The marks: one table of what each one is, as it is drawn and as it is drawn in ASCII.

A mark says the same everywhere, beside a word or a number. ASCII is used where the locale is not UTF-8, and with the
setting `ascii`; which of the two counts is a fact of the app's context, so that code which draws need not be told.
Where a mark is longer in ASCII its place must be measured, so such marks are drawn with `drawn`; whatever else is not
ASCII in what the program draws (frames, rules, bars, dots) keeps its cells and is replaced on its way to the terminal.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from enum import StrEnum
from typing import Final

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui_chat.core.figures import bar

_is_ascii: ContextVar[bool] = ContextVar("is_ascii", default=False)


class Mark(StrEnum):
    """A mark; its value is how it is drawn where more than ASCII can be shown."""

    YOURS = "▌"
    """A message of the person's; the row under the cursor."""
    ANSWER = "●"
    """An answer; in use; at work."""
    CALL = "◆"
    FOLDED = "▸"
    OPEN = "▾"
    DONE = "✓"
    """Done, or valid."""
    FAILED = "✗"
    """Failed, or wrong."""
    CAUTION = "▲"
    """Waits for the person, or is to be taken care of."""
    PART = "▣"
    """A picture, a sound or a file."""
    STOPPED = "■"
    """Stopped by the person."""
    OFF = "○"
    """Off this path, off, or not begun."""
    BEFORE = "‹"
    """Begins the number of a variant, as AFTER ends it."""
    AFTER = "›"
    FAVOURITE = "★"
    """A favourite, or a bookmark."""
    UNKNOWN = "–"
    AT_LEAST = "≥"
    LEFT_OUT = "┆"
    MORE_BELOW = "▼"
    CONTINUED = "↳"
    """Here an answer, or a list, goes on."""

    @property
    def drawn(self) -> str:
        """The mark as it is drawn now; in ASCII it may be several characters."""
        return drawn(self)


SEVERITY_MARKS: Final[Mapping[str, Mark]] = {"warning": Mark.CAUTION, "error": Mark.FAILED}
"""Marks of notes by their severity, in Textual's names; an information has none."""


def drawn(mark: str) -> str:
    """A mark as it is drawn now; what is none stays as it is."""
    return _IN_ASCII.get(mark, mark) if _is_ascii.get() else str(mark)


_IN_ASCII: Final[Mapping[str, str]] = {
    Mark.YOURS: ">",
    Mark.ANSWER: "@",
    Mark.CALL: "#",
    Mark.FOLDED: "[+]",
    Mark.OPEN: "[-]",
    Mark.DONE: "ok",
    Mark.FAILED: "x",
    Mark.CAUTION: "!",
    Mark.PART: "[f]",
    Mark.STOPPED: "[.]",
    Mark.OFF: "o",
    Mark.BEFORE: "<",
    Mark.AFTER: ">",
    Mark.FAVOURITE: "*",
    Mark.UNKNOWN: "-",
    Mark.AT_LEAST: ">=",
    Mark.LEFT_OUT: ":",
    Mark.MORE_BELOW: "v",
    Mark.CONTINUED: "->",
}

_OF_ONE_CELL: Final[Mapping[str, str]] = {
    Mark.FOLDED: "+",
    Mark.OPEN: "-",
    Mark.DONE: "+",
    Mark.PART: "#",
    Mark.STOPPED: ".",
    Mark.AT_LEAST: ">",
    Mark.CONTINUED: ">",
}
"""Marks that are longer in ASCII, where there is only the cell that they stood in."""


_ARROWS: Final[Mapping[str, str]] = {"Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}


def drawn_keys(label: str) -> str:
    """Names of keys with blanks between them, `Up Down`, as an edge has them: arrows are drawn, `↑ ↓`; not in ASCII,
    where they would be letters."""
    return label if _is_ascii.get() else " ".join(_ARROWS.get(key, key) for key in label.split(" "))


def gauge(part: float, cells: int) -> tuple[str, str]:
    """A gauge of a part of 1, as what is full of it and what is not: `██`, `░░`; in ASCII it has ends: `[##`, `--]`."""
    shown = bar(part, cells)
    full, rest = shown.rstrip("░"), shown[len(shown.rstrip("░")) :]
    return (f"[{'#' * len(full)}", f"{'-' * len(rest)}]") if _is_ascii.get() else (full, rest)


def use_ascii(is_wanted: bool) -> None:
    """Draw in ASCII or not, in this context and in what is started from it."""
    _is_ascii.set(is_wanted)


def is_utf8(environ: Mapping[str, str]) -> bool:
    """Whether the locale's characters are UTF-8; so where none is named, since terminals are. Python itself sets
    LC_CTYPE where LANG alone says C."""
    named = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG")
    return not named or "utf8" in named.lower().replace("-", "")


def _frames() -> Mapping[str, str]:
    """Lines by their direction, corners and joints as `+`, blocks by how much of the cell they fill."""
    lines = dict.fromkeys(map(chr, range(0x2500, 0x2580)), "+")
    lines |= dict.fromkeys("─╌┄┈╴╶╼╾", "-") | dict.fromkeys("│┃╎╏┊┇┋║╵╷╹╻╽╿", "|") | dict.fromkeys("━╍┅┉═╸╺", "=")
    blocks = dict.fromkeys("▁▂░▖▗▘▝", ".") | dict.fromkeys("▃▄▒", ":") | dict.fromkeys("▅▆▓", "=")
    blocks |= dict.fromkeys("▇█▉▊▋▐▀▙▚▛▜▞▟", "#") | dict.fromkeys("▍▎▏▕", "|") | {"▔": "-"}
    return lines | blocks


_SIGNS: Final[Mapping[str, str]] = {
    "·": "-", "•": "*", "…": ".", "—": "-", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "«": "<", "»": ">",
    "←": "<", "→": ">", "↑": "^", "↓": "v", "△": "!", "⚙": "#", "×": "x", "✕": "x",
    "⋯": ".", "◦": "o", "▪": "*", "\u00a0": " ",
}  # fmt: skip
_TO_ASCII: Final[Mapping[int, str]] = {
    ord(sign): plain
    for sign, plain in (
        *_frames().items(),
        *_SIGNS.items(),
        *((str(mark), _OF_ONE_CELL.get(mark, plain)) for mark, plain in _IN_ASCII.items()),
    )
}


class DrawnInAscii(LineFilter):
    """Replaces what the program draws with by ASCII of the same width; also in texts, whose letters stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the filter interface
        return [
            segment if segment.text.isascii() else Segment(segment.text.translate(_TO_ASCII), *segment[1:])
            for segment in segments
        ]
