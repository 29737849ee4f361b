"""What the settings page lists, and in which order: faults of the files, what is changed, then the rest by subject."""

from collections.abc import Sequence
from os.path import basename
from typing import Final, NamedTuple

from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.describe import PROJECT_ROW, SettingRow
from tui_chat.settings.load import Loaded, Source
from tui_chat.settings.model import BY_KEY
from tui_chat.settings.problem import Problem
from tui_chat.settings.subjects import SUBJECTS, subject_of
from tui_chat.settings.typed import shown_setting
from tui_chat.ui.rows.rows import Ink, Row, columns, cut
from tui_chat.ui.theming.marks import Mark

FAULTS: Final = "Not used"
CHANGED: Final = "Changed"
NOT_SET: Final = "not set"
NAME_CELLS: Final = 22
_VALUE_CELLS: Final = 22
_NARROW: Final = NAME_CELLS + _VALUE_CELLS


class SettingLine(NamedTuple):
    """One line of the page."""

    heading: str
    name: str
    value: str
    origin: str
    """Where the value comes from, or what is wrong with it."""
    key: str = ""
    """The setting; empty where the line stands for none."""
    meaning: str = ""
    allowed: str = ""
    is_fault: bool = False

    @property
    def searched(self) -> str:
        """What the filter looks at."""
        return f"{self.name} {self.value} {self.origin} {self.meaning}".casefold()


def lines_of(loaded: Loaded, rows: Sequence[SettingRow], problems: Sequence[Problem | str]) -> list[SettingLine]:
    """The lines in their order."""
    lines = [_fault(problem, str(loaded.file)) for problem in problems]
    for row in rows:
        subject = subject_of(row.key)
        changed = row.source is not Source.DEFAULT
        if row.key in BY_KEY:
            value = row.value if isinstance(row.value, str) else None
            shown = value if row.key == "base_url" else shown_setting(row.key, getattr(loaded.settings, row.key))
            heading = CHANGED if changed else subject
            lines.append(
                SettingLine(heading, row.key, shown or NOT_SET, origin_words(row), row.key, row.meaning, row.allowed)
            )
        elif row.key == PROJECT_ROW and row.value is not None:
            lines.append(SettingLine(CHANGED, "project file", row.shown, row.origin, PROJECT_ROW, row.meaning))
        elif row.key == "api_key":
            lines.append(SettingLine("Gateway", "API key", row.shown, "", "", row.meaning, row.allowed))
    headings = (FAULTS, CHANGED, *SUBJECTS)
    keys = [key for group in SUBJECTS.values() for key in group]
    return sorted(
        lines, key=lambda line: (headings.index(line.heading), keys.index(line.key) if line.key in keys else -1)
    )


def _fault(problem: Problem | str, own: str) -> SettingLine:
    """A problem as a line; `own` is the path of the user's settings, which alone need no name."""
    if isinstance(problem, str):
        return SettingLine(FAULTS, sanitize_line(problem, 400), "", "", is_fault=True)
    file = basename(problem.where) or problem.where
    name = problem.key or ("the file" if problem.where == own else file)
    place = problem.where
    if problem.line is not None:
        place = f"line {problem.line}" if file == name or problem.where == own else f"{file}, line {problem.line}"
    words = problem.message if place == name else f"{place}: {problem.message}"
    where = problem.where if problem.line is None else f"{problem.where}:{problem.line}"
    end = "" if problem.message.endswith((".", "?", "!")) else "."
    meaning = f"{problem.message[:1].upper()}{problem.message[1:]}{end} {where}"
    return SettingLine(FAULTS, name, "", words, meaning=meaning, is_fault=True)


def origin_words(row: SettingRow) -> str:
    """Where a value comes from."""
    line = row.origin.rpartition(":")[2]
    match row.source:
        case Source.FLAG:
            return "flag, for this run"
        case Source.ENVIRONMENT:
            return "environment"
        case Source.PROJECT:
            return f"project file, line {line}" if line.isdigit() else "project file"
        case Source.FILE:
            return f"your file, line {line}" if line.isdigit() else "your file"
        case _:
            return "default"


def drawn(line: SettingLine, width: int) -> Row:
    """A line as a row."""
    name, value, origin = (sanitize_line(text, 300) for text in (line.name, line.value, line.origin))
    if line.is_fault:
        mark = (Ink.ERROR, f"{Mark.FAILED.drawn} ")
        return cut((mark, (Ink.TEXT, name), (Ink.MUTED, f"  {origin}" if origin else "")), width)
    left = min(NAME_CELLS, max(8, width // 2))
    ink = Ink.MUTED if value == NOT_SET else Ink.TEXT
    if width < _NARROW + 10:
        return columns((((Ink.TEXT, name),), left), (((ink, value),), max(1, width - left)))
    return columns(
        (((Ink.TEXT, name),), left),
        (((ink, value),), _VALUE_CELLS),
        (((Ink.MUTED, origin),), max(1, width - left - _VALUE_CELLS)),
    )
