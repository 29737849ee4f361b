"""Rows of the tool inspector: a call in the list, its facts, its pieces, its schema."""

import json
from collections.abc import Callable, Sequence
from typing import overload

from tui_chat.core import figures
from tui_chat.core.partial_json import PartialJson
from tui_chat.core.request import ToolDefinition
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.rows.rows import Ink, Row, Run, cut, flowed, spread, width_of, wrapped
from tui_chat.ui.theming.marks import Mark, drawn
from tui_chat.workspace.call_states import CallState, facts_of_arguments, is_stalled, silence_words, whole_seconds
from tui_chat.workspace.calls import Call

MARKS: dict[CallState, tuple[Ink, str]] = {
    CallState.ARRIVING: (Ink.ACCENT, Mark.ANSWER),
    CallState.WAITING: (Ink.WARNING, Mark.CAUTION),
    CallState.RUNNING: (Ink.ACCENT, Mark.ANSWER),
    CallState.ANSWERED: (Ink.SUCCESS, Mark.DONE),
    CallState.ANSWERED_AS_ERROR: (Ink.ERROR, Mark.FAILED),
    CallState.DENIED: (Ink.MUTED, Mark.STOPPED),
    CallState.LEFT: (Ink.MUTED, Mark.UNKNOWN),
    CallState.NOT_TO_BE_ACTED_ON: (Ink.ERROR, Mark.FAILED),
    CallState.CHECKED: (Ink.MUTED, Mark.UNKNOWN),
    CallState.STOPPED: (Ink.MUTED, Mark.STOPPED),
}
GAP_S = 1.0
"""Seconds between two pieces from which on the gap is drawn."""
MOST_NOTES = 8
"""Lines that are shown of what came of taking a call again."""
NAME_CELLS = 24
"""The most that a name takes in the list, where facts stand beside it."""


def shown_name(call: Call) -> str:
    """The tool's name, sanitised; other words where it is not known yet."""
    return sanitize_line(call.name, 80) or "(no name yet)"


def state_run(call: Call, silent_s: float | None) -> Run:
    """The state with its mark: `● writing`, or `▲ nothing for 12 s`."""
    if silent_s is not None and is_stalled(silent_s):
        return Ink.WARNING, f"{Mark.CAUTION.drawn} {silence_words(silent_s)}"
    ink, mark = MARKS.get(call.state, (Ink.ACCENT, Mark.ANSWER))
    again = "again: " if call.of is not None else ""
    return ink, f"{drawn(mark)} {again}{call.state.brief}"


def facts(call: Call) -> list[str]:
    """Size, pieces, seconds and rate of what has arrived."""
    rate = call.rate() if len(call.fragments) > 1 else None
    said = facts_of_arguments(call.size_bytes, len(call.fragments), call.elapsed_s)
    return said if rate is None else [*said, f"{figures.size(round(rate))}/s"]


def list_row(call: Call, silent_s: float | None, width: int, names: int = 0) -> Row:
    """A call in the list: its name, its state, and as many facts as there is room for. `names` are the cells that the
    names of the list take."""
    name = cut(((Ink.TOOL, shown_name(call)),), min(max(names, 8), NAME_CELLS) if names else NAME_CELLS)
    gap = " " * (max(0, min(names, NAME_CELLS) - width_of(name)) + 2)
    left: Row = ((Ink.TOOL, f"{Mark.CALL.drawn} "), *name, (Ink.TEXT, gap), state_run(call, silent_s))
    said = facts(call)
    while said:
        right: Row = ((Ink.MUTED, " · ".join(said)),)
        if width_of(left) + 2 + width_of(right) <= width:
            return spread(left, right, width)
        said.pop()
    return cut(left, width)


def fact_rows(call: Call, width: int) -> list[Row]:
    """All that is known of what has arrived, and the call's id; or what came of taking it again."""
    said = [*facts(call), sanitize_line(call.id, 40)]
    rows = flowed([((Ink.MUTED, words),) for words in said if words], width)
    for note in call.notes[:MOST_NOTES]:
        rows += wrapped(sanitize_line(note, 300), width, Ink.TEXT)
    if len(call.notes) > MOST_NOTES:
        rows += wrapped(f"{len(call.notes) - MOST_NOTES} more marks change.", width, Ink.MUTED)
    return rows + (wrapped(call.lasting_words, width, Ink.MUTED) if call.lasting_words else [])


def stall_rows(silent_s: float | None, width: int) -> list[Row]:
    """What to do about a call that is stalled."""
    if silent_s is None or not is_stalled(silent_s):
        return []
    words = f"{Mark.CAUTION.drawn} Nothing came for {whole_seconds(silent_s)}. Esc where you write stops it."
    return wrapped(words, width, Ink.WARNING)


def fault_rows(call: Call, faults: Sequence[str], width: int) -> list[Row]:
    """Reasons not to act on a call, and problems with its arguments as a whole; `faults` are what a validator said."""
    parsed = call.parsed()
    rows = wrapped(call.why, width, Ink.ERROR)
    if parsed.problem is not None:
        position, message = parsed.problem
        rows += wrapped(f"Not JSON: {sanitize_line(message)}, at character {position + 1}.", width, Ink.ERROR)
    elif parsed.root and not isinstance(parsed.root[0], dict):
        rows += wrapped("Not an object: a call's arguments have names.", width, Ink.ERROR)
    for fault in faults[:3]:
        rows += wrapped(f"{Mark.FAILED.drawn} {sanitize_line(fault, 200)}", width, Ink.ERROR)
    return rows


def result_rows(call: Call, width: int) -> list[Row]:
    """The first lines of the result."""
    if call.result is None:
        return []
    label = "denied " if call.result.is_denied else "error " if call.result.is_error else "result "
    text = sanitize_line(call.result.content, 400) or "(empty)"
    return [cut(((Ink.MUTED, label), (Ink.ERROR if call.result.is_error else Ink.TEXT, text)), width)]


def schema_json(definition: ToolDefinition) -> PartialJson:
    """The schema as indented JSON."""
    laid_out = PartialJson()
    laid_out.feed(json.dumps(definition.parameters, ensure_ascii=False))
    laid_out.finish()
    return laid_out


class FragmentRows(Sequence[Row]):
    """One row for each piece, made when it is seen: its time, the time since the one before, its length and its text.
    A row of its own draws each long gap."""

    def __init__(self, call: Call, width: int) -> None:
        self._call = call
        self._width = width
        self._text: str | None = None
        """The arguments, where their pieces are not kept apart any more."""
        self._starts: list[int] = [0]
        self._entries: list[int] = []
        """For each row the piece, or with a minus the piece below a gap."""
        self._seen = 0

    def grow(self) -> None:
        """Add the pieces that came since."""
        fragments = self._call.fragments
        if len(self._call.pieces) != len(fragments):
            self._text = self._text if self._text is not None else self._call.arguments
        for at in range(self._seen, len(fragments)):
            if at and fragments[at].at_s - fragments[at - 1].at_s >= GAP_S:
                self._entries.append(-at)
            self._entries.append(at)
        self._seen = len(fragments)

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        at, fragments = self._entries[index], self._call.fragments
        after_s = fragments[abs(at)].at_s - fragments[abs(at) - 1].at_s if at else 0.0
        if at < 0:
            return cut(gap_row(after_s), self._width)
        fragment = fragments[at]
        head: Row = (
            (Ink.MUTED, f"{at + 1:>5} {fragment.at_s:8.3f} s "),
            (Ink.MUTED, f"+{after_s:6.3f} " if self._width >= 60 else ""),
            (Ink.NUMBER, f"{fragment.length:>5} "),
            (Ink.STRING, sanitize_line(json.dumps(self._piece(at), ensure_ascii=False)[1:-1])),
        )
        return cut(head, self._width)

    def _piece(self, at: int) -> str:
        """The beginning of a piece's text."""
        if self._text is None:
            return self._call.pieces[at][: self._width]
        fragments = self._call.fragments
        while len(self._starts) <= at:
            self._starts.append(self._starts[-1] + fragments[len(self._starts) - 1].length)
        return self._text[self._starts[at] : self._starts[at] + min(fragments[at].length, self._width)]


def gap_row(after_s: float) -> Row:
    """A gap between two pieces, drawn as long as it was: two cells a second."""
    return (
        (Ink.WARNING, f"      {Mark.LEFT_OUT.drawn} nothing for {figures.seconds(after_s)} "),
        (Ink.MUTED, "░" * min(60, round(after_s * 2))),
    )


def count_words(
    calls: Sequence[Call], silent_s: Callable[[Call], float | None], fitting: Sequence[Call] | None = None
) -> list[str]:
    """How many calls there are, wait and have stalled, and before them how many of all fit what is looked for;
    `silent_s` tells since when nothing came of one."""
    waiting = sum(each.state is CallState.WAITING for each in calls)
    stalled = sum(is_stalled(silent_s(each)) for each in calls)
    said = [figures.counted(sum(call.of is None for call in calls), "call")]
    if fitting is not None:
        said = [f"{len(fitting):,} of {len(calls):,}"]
    if waiting:
        said.append(f"{waiting} {'waits' if waiting == 1 else 'wait'} for you")
    if stalled:
        said.append(f"{stalled} stalled")
    return said


def title_words(call: Call | None, counted: Sequence[str], *, is_asked: bool, is_alone: bool) -> list[str]:
    """The pane's name and what is said beside it. It names the call where nothing else does: where it `is_asked` alone
    whether it runs, and where it `is_alone` and there is no row for its name."""
    if is_asked:
        return [f"Run {shown_name(call)}?" if call else "Run it?"]
    if call is None or not is_alone:
        return ["Tools", *counted]
    said = ["you are the tool"] if call.state is CallState.WAITING else counted[1:]
    return [shown_name(call), *said]


def beside(call: Call, calls: Sequence[Call]) -> Call | None:
    """The call of the same answer that is shown below one while they arrive; None where it is alone."""
    together = [one for one in calls if one.node_id == call.node_id]
    if not any(one.state is CallState.ARRIVING for one in together):
        return None
    at = next((place for place, one in enumerate(together) if one is call), len(together))
    return next(iter([*together[at + 1 :], *reversed(together[:at])]), None)
