"""Tool calls of a conversation's path and the state of each: a fold over the path and the session's events.

An open conversation keeps one board, so that arguments that arrived and results that are half typed outlive the pane
that shows them.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from tui_chat.chat.session_events import (
    AnswerEnded,
    AnswerStarted,
    ReplyGrew,
    SessionEvent,
    ToolAsked,
    ToolFinished,
    ToolOutput,
    ToolStarted,
    ToolStopped,
)
from tui_chat.chat.tool_plans import ToolPlan
from tui_chat.core import figures
from tui_chat.core.ending import why_not_to_act
from tui_chat.core.parts import Fragment, Image, Media, Role, ToolCall, ToolResult
from tui_chat.core.request import ToolDefinition
from tui_chat.core.stream_events import ToolCallDelta
from tui_chat.core.tree import Node
from tui_chat.workspace.call_states import CallState, byte_count, state_of

if TYPE_CHECKING:
    from tui_chat.core.partial_json import PartialJson

AGAIN: Final = "again"
"""In the place of an answer's id, for calls that are taken again; no id of a message has so few characters."""
MOST_PARSED: Final = 256 * 1024
"""Characters of arguments that are parsed at once."""


def _new_parser() -> "PartialJson":
    from tui_chat.core.partial_json import PartialJson  # only where a call arrives

    return PartialJson()


class ResultDraft(msgspec.Struct):
    """A result that is being typed."""

    text: str = ""
    is_error: bool = False


class Call(msgspec.Struct):
    """One call, from its first fragment on."""

    node_id: str
    index: int
    """Position among the calls of its answer."""
    id: str = ""
    name: str = ""
    """Empty while unknown."""
    state: CallState = CallState.ARRIVING
    why: str = ""
    """Reason why it must not be acted on; else empty."""
    result: ToolResult | None = None
    plan: ToolPlan | None = None
    """What runs or ran; None where nothing was run since the program began."""
    total_s: float | None = None
    """How long it ran; None where that is not known."""
    output: list[str] = []
    """Pieces of what it wrote while it ran, sanitised, no more of it than is kept."""
    fragments: list[Fragment] = []
    size_bytes: int = 0
    began_s: float | None = None
    """Seconds since the turn started, at the first sign of it; None where that was not seen."""
    grew_s: float | None = None
    """Seconds since the turn started, at the last fragment; None where that was not seen."""
    pieces: list[str] = []
    of: tuple[str, int] | None = None
    """The key of the call that is taken again with this one, which is no part of the conversation; else None."""
    definition: ToolDefinition | None = None
    """What its arguments are held against; None for what is known of the tool by its name."""
    beside: tuple[Image | Media, ...] = ()
    """Pictures, sound and files that came with the result, where it was taken again."""
    notes: tuple[str, ...] = ()
    """What came of taking it again, a line each; not sanitised."""
    is_put: bool = False
    """Taken again, and its result stands in a variant of the conversation."""
    stop: Callable[[], object] | None = None
    """Ends its run, where it was taken again and runs."""
    _parsed: "PartialJson" = msgspec.field(default_factory=_new_parser)
    _parsed_pieces: int = 0
    _parsed_offset: int = 0
    """Characters of the next piece that are parsed."""

    @property
    def key(self) -> tuple[str, int]:
        """Identity of the call: ids are no help, since a provider may send one twice."""
        return self.node_id, self.index

    @property
    def lasting_words(self) -> str:
        """Whether what came of taking it again is saved; empty of a call of the conversation, and of one that runs."""
        if self.of is None or self.state is CallState.RUNNING:
            return ""
        if self.is_put:
            return "Saved as a variant."
        unless = " unless you put it in the place of the old result" if self.result is not None else ""
        return f"Not saved: gone when you leave this chat{unless}."

    @property
    def arguments(self) -> str:
        """The arguments as far as they have arrived."""
        return "".join(self.pieces)

    @property
    def elapsed_s(self) -> float | None:
        """Seconds from its first fragment to its last, or to its only one from the first sign of it; None where that
        was not measured."""
        if len(self.fragments) > 1 or (self.fragments and self.began_s is None):
            return self.fragments[-1].at_s - self.fragments[0].at_s
        if self.began_s is None or self.grew_s is None:
            return None
        return self.grew_s - self.began_s

    def rate(self) -> float | None:
        """Bytes a second from the first sign of it to the last; None where too short a time was measured."""
        elapsed_s = self.elapsed_s
        return self.size_bytes / elapsed_s if elapsed_s and elapsed_s >= figures.SHORTEST_S else None

    def grow(self, event: ToolCallDelta, at_s: float) -> None:
        """Add a fragment."""
        self.id = self.id or event.id
        self.name = self.name or event.name
        self.began_s = at_s if self.began_s is None else self.began_s
        self.grew_s = at_s
        if event.fragment:
            self.pieces.append(event.fragment)
            self.fragments.append(Fragment(at_s, len(event.fragment)))
            self.size_bytes += byte_count(event.fragment)

    @property
    def is_parsed(self) -> bool:
        """All that has arrived is parsed."""
        return self._parsed_pieces == len(self.pieces)

    def parsed(self) -> "PartialJson":
        """Parse the arguments as JSON; costs only what has arrived since the last time. Of a text that came whole and
        is very long, as much as one frame bears: ask again while it is not parsed."""
        fresh = self.pieces[self._parsed_pieces :]
        if len(fresh) == 1 and len(fresh[0]) - self._parsed_offset > MOST_PARSED:
            end = self._parsed_offset + MOST_PARSED
            self._parsed.feed(fresh[0][self._parsed_offset : end])
            self._parsed_offset = end
        elif fresh:
            self._parsed.feed("".join(fresh)[self._parsed_offset :])
            self._parsed_pieces, self._parsed_offset = len(self.pieces), 0
        if self.state is not CallState.ARRIVING and self.is_parsed:
            self._parsed.finish()
        return self._parsed

    def settle(self, call: ToolCall) -> None:
        """Take over the call as the whole answer has it."""
        self.id, self.name = call.id, call.name
        if call.arguments != self.arguments or self._parsed_pieces < len(self.pieces):
            self.size_bytes = byte_count(call.arguments)
            self._parsed, self._parsed_pieces, self._parsed_offset = _new_parser(), 0, 0
        else:
            self._parsed_pieces = 1
        self.pieces = [call.arguments]  # the answer's own text instead of a copy
        if call.fragments:
            self.fragments = list(call.fragments)


class CallBoard:
    """All calls, those of the newest answer first."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`monotonic` gives seconds that never jump."""
        self._monotonic = monotonic
        self._answers: dict[str, dict[int, Call]] = {}
        """Calls by answer, in the order of the path, and by index."""
        self._again: list[Call] = []
        """Calls that were taken again, the first one first."""
        self._by_id: dict[tuple[str, str], Call] = {}
        """Calls by answer and id, the first where an id is repeated."""
        self._began_at: dict[str, float] = {}
        """Times by `monotonic` at which the turns of the answers began, as nearly as it is known."""
        self.drafts: dict[tuple[str, int], ResultDraft] = {}
        """Results that are being typed, by the key of their call."""
        self.changes = 0
        """Grows with each change of a call, so that a view can tell by comparing whether to paint."""

    @property
    def calls(self) -> list[Call]:
        """All calls, the newest answer's first; calls of one answer in their order, and before them those that were
        taken again of it, the last one first."""
        calls: list[Call] = []
        for node_id in reversed(self._answers):
            calls += [call for call in reversed(self._again) if call.of and call.of[0] == node_id]
            calls += self._answers[node_id].values()
        return calls

    def get(self, key: tuple[str, int]) -> Call | None:
        """Find the call with this key; None where it is not on the path any more."""
        if key[0] == AGAIN:
            call = self._again[key[1]] if key[1] < len(self._again) else None
            return call if call and call.of and call.of[0] in self._answers else None
        return self._answers.get(key[0], {}).get(key[1])

    def take_again(self, original: Call, arguments: str, state: CallState) -> Call:
        """Add a call that takes one of the conversation again, beside it."""
        call = Call(AGAIN, len(self._again), name=original.name, state=state, of=original.of or original.key)
        call.pieces, call.size_bytes = [arguments], byte_count(arguments)
        self._again.append(call)
        self.changes += 1
        return call

    def silent_s(self, call: Call) -> float | None:
        """Seconds since the last sign of a call, while more is to come; None where that is not known."""
        began_at = self._began_at.get(call.node_id)
        if call.state is not CallState.ARRIVING or began_at is None or call.grew_s is None:
            return None
        return max(0.0, self._monotonic() - began_at - call.grew_s)

    def show(self, path: Sequence[Node], pending: Sequence[ToolCall]) -> None:
        """Take the calls of a path; `pending` are those that wait for a result."""
        self.changes += 1
        before, self._answers = self._answers, {}
        self._by_id.clear()
        waiting = {call.id for call in pending}
        last = next((node.id for node in reversed(path) if node.answer), None)
        for place, node in enumerate(path):
            if node.answer is None:
                continue
            known = before.get(node.id, {})
            if node.answer.outcome is None and known:
                self._answers[node.id] = known
                continue
            if not node.message.tool_calls:
                continue
            calls = self._settled(node, known, _results(path[at] for at in range(place + 1, len(path))))
            for call in calls.values():
                if call.state is CallState.LEFT and node.id == last and call.id in waiting:
                    call.state = CallState.WAITING
            self._answers[node.id] = calls

    def apply(self, event: SessionEvent) -> None:
        """Apply an event of the turn that runs."""
        self.changes += self._apply(event)

    def _apply(self, event: SessionEvent) -> bool:
        """Apply an event and say whether it changed a call."""
        match event:
            case ReplyGrew(node_id, at_s, ToolCallDelta() as delta):
                call = self._call(node_id, delta.index)
                call.grow(delta, at_s)
                began_at = self._monotonic() - at_s  # events may be late, and never early
                self._began_at[node_id] = min(began_at, self._began_at.get(node_id, began_at))
                self._by_id.setdefault((node_id, call.id), call)
            case AnswerStarted(question):
                if question is None:
                    return False
                for call in self.calls:
                    if call.state is CallState.WAITING:
                        call.state = CallState.LEFT
            case ToolAsked(node_id, asked):
                self._asked(node_id, asked)
            case ToolFinished(call_id, node, total_s):
                return self._finished(call_id, node, total_s)
            case ToolStarted(asked, plan):
                if (runs := self._of(asked.id)) is not None:
                    runs.state, runs.plan, runs.output = CallState.RUNNING, plan, []
            case ToolOutput(asked, text):
                if (runs := self._of(asked.id)) is not None:
                    runs.output.append(text)
            case ToolStopped(asked):
                if (runs := self._of(asked.id)) is not None:
                    runs.state = CallState.WAITING
            case AnswerEnded(answer):
                known = self._answers.get(answer.id, {})
                waiting = {call.key for call in known.values() if call.state is CallState.WAITING}
                calls = self._settled(answer, known, {})
                for call in calls.values():
                    if call.state is CallState.LEFT or call.key in waiting:
                        call.state = CallState.WAITING
                if calls:
                    self._answers[answer.id] = calls
                return bool(calls)
            case _:
                return False
        return True

    def _call(self, node_id: str, index: int) -> Call:
        calls = self._answers.setdefault(node_id, {})
        if index not in calls:
            calls[index] = Call(node_id, index)
        return calls[index]

    def _asked(self, node_id: str, asked: ToolCall) -> None:
        call = self._by_id.get((node_id, asked.id))
        if call is None or call.result is not None:
            calls = self._answers.get(node_id, {})
            same = [call for call in calls.values() if call.result is None]
            call = next(
                (call for call in same if call.name == asked.name and call.arguments == asked.arguments), None
            ) or self._call(node_id, len(calls))
        call.settle(asked)
        call.state = CallState.WAITING

    def _of(self, call_id: str) -> Call | None:
        """The newest call of this id that has no result."""
        return next((call for call in self.calls if call.id == call_id and call.result is None), None)

    def _finished(self, call_id: str, node: Node, total_s: float | None) -> bool:
        result = _results([node]).get(call_id)
        for call in self.calls:
            if call.id == call_id and call.result is None:
                _answer(call, result)
                call.total_s = total_s
                self.drafts.pop(call.key, None)
                return True
        return False

    def _settled(self, node: Node, known: Mapping[int, Call], results: dict[str, ToolResult]) -> dict[int, Call]:
        may_be_acted_on = {call.id for call in node.calls_to_act_on}
        calls: dict[int, Call] = {}
        for index, part in enumerate(node.message.tool_calls):
            call = calls[index] = known.get(index) or Call(node.id, index)
            call.settle(part)
            self._by_id[node.id, part.id] = call
            if node.is_being_written:
                call.state = CallState.ARRIVING
            elif part.id not in may_be_acted_on:
                call.state, call.why = CallState.NOT_TO_BE_ACTED_ON, part.flaw or why_not_to_act(node.answer)
            elif part.id in results:
                _answer(call, results[part.id])
            elif call.result is None and call.state is not CallState.RUNNING:
                call.state = CallState.LEFT
        return calls


def _answer(call: Call, result: ToolResult | None) -> None:
    call.result = result
    call.state = CallState.ANSWERED if result is None else state_of(result)


def _results(following: Iterable[Node]) -> dict[str, ToolResult]:
    """Results that follow an answer, up to the next answer."""
    results: dict[str, ToolResult] = {}
    for node in following:
        if node.message.role is Role.ASSISTANT:
            break
        results.update({part.call_id: part for part in node.message.parts if isinstance(part, ToolResult)})
    return results
