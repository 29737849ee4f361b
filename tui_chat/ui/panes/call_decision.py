"""The answers to the question whether a call may run, the harmless one first."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import ClassVar, Final

from rich.cells import cell_len
from textual.binding import BindingType
from textual.message import Message

from tui_chat.chat.tool_plans import CallFault, Planned, ToolPlan
from tui_chat.core.figures import counted
from tui_chat.core.sanitize import sanitize
from tui_chat.ui.keys.hints import Hint
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.panes.call_view import CallView, View
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, cut, plain, width_of, wrapped
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.calls import Call
from tui_chat.workspace.deciding import CallKey

SETTLES_S: Final = 0.5
"""Seconds in which no key answers: it may have been pressed before the question was there."""


class Decision(StrEnum):
    """What may become of a call that waits, in the words of the list."""

    DENY = "Deny, with a reason for the model"
    RUN = "Run this once"
    SEND_BACK = "Tell the model what is wrong"
    EDIT = "Edit the arguments, then decide"
    ALWAYS = "Always run …"

    @property
    def verb(self) -> str:
        """What taking it does, for the edge."""
        return _VERBS[self]


_LETTERS: Final[Mapping[Decision, str]] = {
    Decision.DENY: "d",
    Decision.RUN: "r",
    Decision.SEND_BACK: "t",
    Decision.EDIT: "e",
    Decision.ALWAYS: "a",
}
_VERBS: Final[Mapping[Decision, str]] = {
    Decision.DENY: "deny",
    Decision.RUN: "run",
    Decision.SEND_BACK: "tell the model",
    Decision.EDIT: "edit",
    Decision.ALWAYS: "always",
}
_SCOPES: Final = ("these arguments · this tool in this chat · this tool", "this call · this chat · this tool")
"""What may always run, from narrow to wide, in the words that there is room for: none of them is cut."""
_CAN_RUN: Final = (Decision.DENY, Decision.RUN, Decision.EDIT, Decision.ALWAYS)
_CANNOT_RUN: Final = (Decision.DENY, Decision.EDIT, Decision.SEND_BACK)
_UNREAD: Final = "once its arguments were read to the end, raw where they are cut"
_RUNS: Final = frozenset({Decision.RUN, Decision.ALWAYS})


def plan_rows(planned: Planned, width: int, most: int) -> Sequence[Row]:
    """What a call would do, or why it cannot run, in so many rows at most: what is long stands in the arguments above,
    which have to be read to their end."""
    match planned:
        case ToolPlan():
            words, limits = (
                wrapped(f"runs: {sanitize(planned.words)}", width),
                wrapped(planned.limits, width, Ink.MUTED),
            )
            rows = _cut([*words, *limits], words, most, width)
        case CallFault(_, why):
            words = wrapped(sanitize(why), width, Ink.ERROR)
            rows = _cut(words, words, most, width)
        case None:
            rows = []
    return rows


def _cut(rows: list[Row], words: list[Row], most: int, width: int) -> list[Row]:
    if len(rows) <= most:
        return rows
    if len(words) <= most:
        return words
    if most < 3:  # the first words tell most
        rest = (*words[most - 1], (words[0][0][0], "".join(f" {plain(row)}" for row in words[most:])))
        return [*words[: most - 1], cut((*rest, (Ink.MUTED, " …")), width)]
    left_out = len(words) - (most - 1)
    return [*words[: most - 1], ((Ink.MUTED, f"… {counted(left_out, 'more row')}, from the arguments above"),)]


class Questions:
    """What calls that wait would do, each asked for once, and which of them were read to the end."""

    def __init__(self, plan_of: Callable[[CallKey], Planned], tools: Callable[[], object]) -> None:
        """Where what `tools` gives has changed, all is asked for anew."""
        self._plan_of = plan_of
        self._tools = tools
        self._asked_with: object = None
        """The tools when the plans were asked for."""
        self._before: dict[CallKey, Planned] = {}
        self._plans: dict[CallKey, Planned] = {}
        self._read: set[CallKey] = set()
        self._read_to_plan: CallKey | None = None

    def planned(self, call: Call | None) -> Planned:
        """What a call would do; None where it does not wait, or a person answers it."""
        if call is None or call.state is not CallState.WAITING:
            return None
        if (tools := self._tools()) != self._asked_with:
            self._asked_with, self._before, self._plans = tools, {**self._before, **self._plans}, {}
        planned = self._plans.get(call.key)
        if planned is None and (planned := self._plan_of(call.key)) is not None:
            before = self._before.pop(call.key, None)
            self._plans[call.key] = planned = before if before == planned else planned
        return planned

    def forget(self, key: CallKey) -> None:
        """Ask anew what a call would do: it was decided about, and may be asked about again."""
        self._plans.pop(key, None)
        self._before.pop(key, None)

    def shows_plan_alone(self, call: Call | None) -> bool:
        """The person read on to what would run, where there is no room for it beside the arguments."""
        return call is not None and call.key == self._read_to_plan

    def read_on(self, call: Call | None, shown: CallView, by: int, *, has_room: bool) -> None:
        """Go on in a call's arguments, 1, or back, -1; and where there is no room beside them, on to what would run."""
        if call is not None and not has_room and by > 0 and shown.is_at_end:
            self._read_to_plan = call.key
        elif self.shows_plan_alone(call):
            self._read_to_plan = None
        else:
            shown.scroll_relative(y=by * max(1, shown.size.height - 1), animate=False, immediate=True)

    def is_read(self, call: Call) -> bool:
        """The end of its arguments was in sight."""
        return call.key in self._read

    def reads_on(self, call: Call | None, view: View, shown: CallView) -> bool:
        """Whether the end of a call's arguments has come into sight just now, in a view that leaves nothing out."""
        if call is None or self.is_read(call) or call.state is not CallState.WAITING or not call.is_parsed:
            return False
        is_whole = view is View.RAW or (view is View.PARSED and shown.is_whole)
        if not is_whole or not shown.size.height or not shown.is_at_end or not shown.shows(call):
            return False
        self._read.add(call.key)
        return True


class CallDecision(PickList):
    """The answers. None that runs it can be taken before the end of the arguments was in sight."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("call-deny", "decide('DENY')"),
        bound("call-run", "decide('RUN')"),
        bound("call-send-back", "decide('SEND_BACK')"),
        bound("call-edit", "decide('EDIT')"),
        bound("call-always", "decide('ALWAYS')"),
    ]

    class Taken(Message):
        """The person decided about what was shown."""

        def __init__(self, decision: Decision, key: CallKey, planned: Planned) -> None:
            super().__init__()
            self.decision = decision
            self.key = key
            self.planned = planned

    class ReadOn(Message):
        """The person wants to see more of what is asked about: 1 is on, -1 is back."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self, monotonic: Callable[[], float], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._monotonic = monotonic
        self._key: CallKey | None = None
        self._asked_at = 0.0
        self._choices: tuple[Decision, ...] = ()
        self.planned: Planned = None
        """What is asked about."""
        self.may_run = False
        """The end of the arguments was in sight."""

    def ask(self, key: CallKey, planned: Planned, *, is_seen: bool, most: int = 4) -> None:
        """Ask about this call; `is_seen`: the end of its arguments was in sight. There is room for `most` answers."""
        if key != self._key:
            self.cursor = 0
        if key != self._key or planned is not self.planned or is_seen is not self.may_run:
            self._key, self._asked_at = key, self._monotonic()
        self._choices = _CAN_RUN if isinstance(planned, ToolPlan) else _CANNOT_RUN
        self.planned, self.may_run = planned, is_seen
        self.styles.height = min(most, len(self._choices))
        self.show_items(len(self._choices), self._draw_choice, cursor=self.cursor)

    def on_focus(self) -> None:
        """Take no key that was on its way as somebody went to the question."""
        self._asked_at = self._monotonic()

    def forget(self) -> None:
        """Nothing is asked any more; the same question is a new one when it comes again."""
        self._key, self._choices = None, ()
        self.show_items(0, self._draw_choice)

    def _draw_choice(self, index: int, width: int) -> tuple[Row, ...]:
        choice = self._choices[index]
        may = self.may_run or choice not in _RUNS
        letter: Row = ((Ink.KEY, f"{_LETTERS[choice]}  "),)
        if not may:
            return (cut((*letter, (Ink.MUTED, f"{choice.value.removesuffix(' …')}: {_UNREAD}")), width),)
        row: Row = (*letter, (Ink.TEXT, choice.value))
        if choice is Decision.ALWAYS:
            room = width - width_of(row) - 2
            scopes = next((words for words in _SCOPES if cell_len(words) <= room), "")
            row = (*row, (Ink.TEXT, f"  {scopes}" if scopes else ""))
        return (cut(row, width),)

    def hints(self, *, has_more: bool) -> Sequence[Hint]:
        """What Enter does here, the letters of the other answers that can be taken, and how to read what is asked:
        first where there is more of it than is in sight."""
        taken = self._choices[self.cursor : self.cursor + 1]
        able = [one for one in self._choices if one not in taken and (self.may_run or one not in _RUNS)]
        reading = Hint("list-page-down", "read on")
        keys = [Hint(f"call-{one.name.lower().replace('_', '-')}", one.verb) for one in able]
        entering = [Hint("list-choose", one.verb) for one in taken if self.may_run or one not in _RUNS]
        return [*([reading] if has_more or not self.may_run else []), *entering, *keys]

    def action_page(self, by: int) -> None:
        """Read on in what is asked about: the answers are few."""
        self.post_message(self.ReadOn(by))

    def action_pick(self) -> None:
        """Take the answer under the cursor."""
        if self._choices:
            self._take(self._choices[self.cursor])

    def action_decide(self, name: str) -> None:
        """Take this answer, where it is one."""
        self._take(Decision[name])

    def _take(self, decision: Decision) -> None:
        """Tell the decision, once: a key that is pressed twice is no second answer."""
        is_settled = self._monotonic() - self._asked_at >= SETTLES_S
        may = decision in self._choices and (self.may_run or decision not in _RUNS)
        if self._key is not None and is_settled and may:
            self._asked_at = self._monotonic()
            self.post_message(self.Taken(decision, self._key, self.planned))
