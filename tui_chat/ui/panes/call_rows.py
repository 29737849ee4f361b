"""Rows of the tool inspector: a call in the list, its facts, its fragments, its schema."""

import json
from collections.abc import Sequence
from typing import overload

from tui_chat.core import figures
from tui_chat.core.partial_json import PartialJson
from tui_chat.core.request import ToolDefinition
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.rows.rows import Ink, Row, cut, flowed, spread, wrapped
from tui_chat.ui.theming.marks import Mark, drawn
from tui_chat.workspace.calls import Call, CallState

MARKS: dict[CallState, tuple[Ink, str]] = {
    CallState.ARRIVING: (Ink.ACCENT, "▸"),
    CallState.WAITING: (Ink.WARNING, "?"),
    CallState.ANSWERED: (Ink.SUCCESS, Mark.DONE),
    CallState.ANSWERED_AS_ERROR: (Ink.ERROR, Mark.FAILED),
    CallState.LEFT: (Ink.MUTED, Mark.UNKNOWN),
    CallState.NOT_TO_BE_ACTED_ON: (Ink.ERROR, "!"),
}
STALLED_S = 2.0
"""Seconds of silence after which they are shown."""


def shown_name(call: Call) -> str:
    """The tool's name, sanitised; other words where it is not known yet."""
    return sanitize_line(call.name, 80) or "(no name yet)"


def list_row(call: Call, width: int) -> Row:
    """A call in the list."""
    ink, mark = MARKS[call.state]
    right: Row = ((Ink.MUTED, figures.size(call.size_bytes)), (ink, f" {call.state.brief}"))
    return spread(((ink, f"{drawn(mark)} "), (Ink.TOOL, shown_name(call))), right, width)


def fact_rows(call: Call, silent_s: float | None, width: int) -> list[Row]:
    """The part of a call that has arrived. `silent_s`: seconds since the last fragment."""
    count = len(call.fragments)
    pieces: list[Row] = [((Ink.MUTED, figures.size(call.size_bytes)),)]
    if count:
        pieces.append(((Ink.MUTED, figures.counted(count, "fragment")),))
    if call.elapsed_s is not None:
        pieces.append(((Ink.MUTED, figures.seconds(call.elapsed_s)),))
    if call.state is CallState.ARRIVING and silent_s is not None and silent_s >= STALLED_S:
        pieces.append(((Ink.WARNING, f"silent for {figures.seconds(silent_s)}"),))
    elif call.id:
        pieces.append(((Ink.MUTED, sanitize_line(call.id, 40)),))
    return flowed(pieces, width)


def fault_rows(call: Call, definition: ToolDefinition | None, width: int) -> list[Row]:
    """Reasons not to act on a call, and problems with its arguments."""
    parsed = call.parsed()
    rows = wrapped(call.why, width, Ink.ERROR)
    value, is_there = parsed.value()
    if parsed.problem is not None:
        position, message = parsed.problem
        rows += wrapped(f"Not JSON: {sanitize_line(message)}, at character {position + 1}.", width, Ink.ERROR)
    elif is_there and not isinstance(value, dict):
        rows += wrapped("Not an object: a call's arguments have names.", width, Ink.ERROR)
    if definition is None or not isinstance(value, dict):
        return rows
    missing, unknown = _names_at_fault(definition, set(value))
    if call.state is not CallState.ARRIVING and missing:
        rows += wrapped("Missing: " + ", ".join(missing), width, Ink.WARNING)
    if unknown:
        rows += wrapped("Not in the schema: " + ", ".join(unknown), width, Ink.WARNING)
    return rows


def _names_at_fault(definition: ToolDefinition, given: set[str]) -> tuple[list[str], list[str]]:
    """Required fields that are missing, and fields that the schema does not have."""
    properties, required = definition.parameters.get("properties"), definition.parameters.get("required")
    wanted = required if isinstance(required, list) else []
    missing = [name for name in wanted if isinstance(name, str) and name not in given]
    known = set(properties) if isinstance(properties, dict) else given
    may_have_more = bool(definition.parameters.get("additionalProperties", False))
    unknown = [] if may_have_more else sorted(given - known)
    return [sanitize_line(name, 40) for name in missing[:10]], [sanitize_line(name, 40) for name in unknown[:10]]


def result_rows(call: Call, width: int) -> list[Row]:
    """The first lines of the result."""
    if call.result is None:
        return []
    label = "error " if call.result.is_error else "result "
    text = sanitize_line(call.result.content, 400) or "(empty)"
    return [cut(((Ink.MUTED, label), (Ink.ERROR if call.result.is_error else Ink.TEXT, text)), width)]


def schema_json(definition: ToolDefinition) -> PartialJson:
    """The schema as indented JSON."""
    laid_out = PartialJson()
    laid_out.feed(json.dumps(definition.parameters, ensure_ascii=False))
    laid_out.finish()
    return laid_out


class FragmentRows(Sequence[Row]):
    """One row for each fragment, made when it is seen: its time, the time since the previous one, and its text."""

    def __init__(self, call: Call, width: int) -> None:
        self._call = call
        self._width = width
        self._text = call.arguments
        self._starts: list[int] = [0]

    def grow(self) -> None:
        """Add the fragments that came since."""
        self._text = self._call.arguments

    def __len__(self) -> int:
        return len(self._call.fragments)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        fragments = self._call.fragments
        while len(self._starts) <= index:
            self._starts.append(self._starts[-1] + fragments[len(self._starts) - 1].length)
        fragment = fragments[index]
        text = self._text[self._starts[index] : self._starts[index] + min(fragment.length, self._width)]
        after = fragment.at_s - fragments[index - 1].at_s if index else 0.0
        head: Row = (
            (Ink.MUTED, f"{index + 1:>5} {fragment.at_s:8.3f} s "),
            (Ink.MUTED, f"+{after:6.3f} " if self._width >= 60 else ""),
            (Ink.NUMBER, f"{fragment.length:>5} "),
            (Ink.STRING, sanitize_line(json.dumps(text, ensure_ascii=False)[1:-1])),
        )
        return cut(head, self._width)
