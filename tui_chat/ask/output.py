"""Output of `ask`: plain text, one JSON object, or a line of JSON for each event.

Plain text is sanitised, since it goes to terminals. JSON is written in ASCII, with every other character escaped, so
that nothing a model wrote can be obeyed by a terminal or break an encoding.
"""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Protocol, TextIO

from tui_chat.ask.result import KEPT_NOWHERE, cost_object, failure_object, part_object, source_object, usage_object
from tui_chat.chat.session_events import (
    AnswerEnded,
    AnswerStarted,
    Notice,
    ReplyGrew,
    Retrying,
    ToolFinished,
    ToolStarted,
    ToolStopped,
)
from tui_chat.core import figures
from tui_chat.core.ending import Ending, NextStep, node_ending, why_not_to_act
from tui_chat.core.errors import NOT_SAVED, Failure
from tui_chat.core.jsonvalue import JsonObject, JsonValue
from tui_chat.core.media import facts_of, kind_of, source_words, title_of
from tui_chat.core.parts import ToolResult
from tui_chat.core.sanitize import StreamSanitizer, sanitize
from tui_chat.core.stream_events import (
    FellBack,
    FieldLeftOut,
    PartReceived,
    ReasoningDelta,
    Reclassified,
    RefusalDelta,
    SourceFound,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from tui_chat.core.tree import Node
from tui_chat.workspace.events import ConversationEvent
from tui_chat.workspace.run_labels import RunLabels

_PIECE = 65_536
"""Characters of a text that are written at once."""

SavedId = Callable[[], str | None]
"""Gives the id of the conversation where all of it is saved so far; else None."""


class Output(Protocol):
    """Shows every event of the turn, then the result."""

    def show(self, event: ConversationEvent) -> None:
        """Write what an event adds."""
        ...

    def finish(self, result: JsonObject) -> None:
        """Write the result. Called once, also where no turn could start."""
        ...


class PlainOutput:
    """The answer's text on stdout; reasoning and notes on stderr."""

    def __init__(self, out: TextIO, err: TextIO, saved_id: SavedId, *, holds: bool = False) -> None:
        """`holds` waits with an answer until it is known to be the last: others are notes."""
        self._held = StringIO() if holds else None
        self._given = out
        self._out = _EndingInOneNewline(out if self._held is None else self._held)
        self._notes = Notes(err, saved_id)

    def show(self, event: ConversationEvent) -> None:
        match event:
            case AnswerStarted():
                self._begin_anew()
            case ReplyGrew(event=TextDelta(text) | RefusalDelta(text)):
                self._notes.end_reasoning()
                self._out.write(text)
            case ReplyGrew(event=ReasoningDelta(text)):
                self._notes.reasoning(text)
            case ReplyGrew(event=Reclassified(characters)):
                self._out.finish()
                self._notes.reclassified(characters)
            case Retrying():
                self._notes.retrying(event)
            case Notice(failure) if failure.code != NOT_SAVED:  # whether it stays so is known at the end
                self._notes.failure(failure)
            case AnswerEnded():
                self._notes.end_reasoning()
                self._out.finish()
                self._notes.ended(event)
            case ToolStarted() | ToolFinished() | ToolStopped():
                self._notes.of_tool(event)
            case _:
                pass

    def _begin_anew(self) -> None:
        if self._held is not None and self._held.getvalue():
            self._notes.aside(self._held.getvalue())
            self._held.seek(0)
            self._held.truncate()

    def finish(self, result: JsonObject) -> None:
        del result  # its text has been written as it came
        self._out.finish()
        if self._held is not None:
            self._given.write(self._held.getvalue())
            self._given.flush()


class JsonOutput:
    """One object at the end on stdout; retries and notices on stderr."""

    def __init__(self, out: TextIO, err: TextIO, saved_id: SavedId) -> None:
        self._out = out
        self._notes = Notes(err, saved_id)

    def show(self, event: ConversationEvent) -> None:
        match event:
            case Retrying():
                self._notes.retrying(event)
            case Notice(failure) if failure.code != NOT_SAVED:
                self._notes.failure(failure)
            case ToolStarted() | ToolFinished() | ToolStopped():
                self._notes.of_tool(event)
            case _:
                pass

    def finish(self, result: JsonObject) -> None:
        _write_line(self._out, result)


class StreamJsonOutput:
    """One object a line on stdout for each event, each line flushed."""

    def __init__(self, out: TextIO, saved_id: SavedId) -> None:
        self._out = out
        self._saved_id = saved_id
        self._start: JsonObject | None = None
        """The first line, which waits until it is known whether the question could be saved."""
        self._has_started = False

    def show(self, event: ConversationEvent) -> None:
        self._write_start()
        line = self._line(event)
        if isinstance(event, AnswerStarted):
            self._start, line = None if self._has_started else line, None
            self._has_started = True
        if line is not None:
            _write_line(self._out, line)
        if isinstance(event, AnswerEnded):  # sound is whole only now
            for part in event.answer.message.beside_words:
                if kind_of(part) == "audio":
                    _write_line(self._out, {"event": "part", **part_object(part)})

    def _write_start(self) -> None:
        if self._start is not None:
            _write_line(self._out, {**self._start, "conversation": self._saved_id()})
            self._start = None

    def finish(self, result: JsonObject) -> None:
        self._write_start()
        if result["error"] is not None:
            _write_line(self._out, {"event": "error", "error": result["error"]})
        _write_line(self._out, {"event": "end", "result": result})

    def _line(self, event: ConversationEvent) -> JsonObject | None:
        match event:
            case AnswerStarted(answer=answer):
                model = answer.answer.requested_model if answer.answer else ""
                return {"event": "start", "conversation": None, "requested_model": model}
            case ReplyGrew(event=TextDelta(text)):
                return {"event": "text", "text": text}
            case ReplyGrew(event=ReasoningDelta(text)):
                return {"event": "reasoning", "text": text}
            case ReplyGrew(event=Reclassified(characters)):
                return {"event": "reclassify", "characters": characters}
            case ReplyGrew(event=RefusalDelta(text)):
                return {"event": "refusal", "text": text}
            case ReplyGrew(event=ToolCallDelta(index, id_, name, fragment)):
                return {"event": "tool_call", "index": index, "id": id_, "name": name, "fragment": fragment}
            case ToolStarted(call):
                return {"event": "tool_run", "id": call.id, "name": call.name}
            case ToolStopped(call):
                stopped: JsonObject = {"is_error": True, "result": "stopped"}
                return {"event": "tool_run", "id": call.id, "name": call.name, **stopped}
            case ToolFinished(_, node, total_s) if total_s is not None:
                return _run_line(node)
            case ReplyGrew(event=PartReceived(part)) if kind_of(part) != "audio":
                return {"event": "part", **part_object(part)}
            case ReplyGrew(event=SourceFound(source)):
                return {"event": "source", **source_object(source)}
            case ReplyGrew(event=UsageReported(counts, cost)):
                return {"event": "usage", "usage": usage_object(counts), "cost": cost_object(cost)}
            case ReplyGrew(event=FieldLeftOut(name, why)):
                return {"event": "left_out", "left_out": [name], "why": why}
            case ReplyGrew(event=FellBack(failed, model, failure)):
                return {"event": "fallback", "failed": failed, "model": model, "why": failure.message}
            case Retrying(attempt, after_s, failure):
                return {"event": "retry", "after_s": after_s, "attempt": attempt, "why": failure.message}
            case Notice(failure):
                return {"event": "notice", "error": failure_object(failure)}
            case _:
                return None


def _run_line(node: Node) -> JsonObject | None:
    for part in node.message.parts:
        if isinstance(part, ToolResult):
            ended: JsonObject = {"is_error": part.is_error, "result": part.content}
            return {"event": "tool_run", "id": part.call_id, "name": part.name, **ended}
    return None


class Notes:
    """Notes for the person, on stderr."""

    def __init__(self, err: TextIO, saved_id: SavedId) -> None:
        self._err = err
        self._saved_id = saved_id
        self._reasoning: StreamSanitizer | None = None
        self._labels = RunLabels()

    def reasoning(self, text: str) -> None:
        """Write reasoning as it comes."""
        if self._reasoning is None:
            self._reasoning = StreamSanitizer()
        self._err.write(self._reasoning.feed(text))
        self._err.flush()

    def end_reasoning(self) -> None:
        """End the line of reasoning, if there is one."""
        if self._reasoning is not None:
            self._reasoning = None
            self._line("")

    def reclassified(self, characters: int) -> None:
        """What was written cannot be taken back."""
        self._line(f"The {characters} characters so far were the model's reasoning. The answer follows.")

    def retrying(self, event: Retrying) -> None:
        """Say that a request is tried again, and when."""
        why = event.failure.message.rstrip(". ")
        self._line(f"{why}. Trying again in {figures.seconds(event.after_s)} ({event.attempt}).")

    def of_tool(self, event: ToolStarted | ToolFinished | ToolStopped) -> None:
        """Say that a call runs, and what came of it."""
        label = self._labels.of(event)
        match event:
            case ToolStarted(_, plan):
                self._line(f"Running {label}: {plan.words}")
            case ToolStopped():
                self._line(f"{label} was stopped.")
            case ToolFinished(_, node, total_s):
                self._of_result(label, node, total_s)

    def _of_result(self, label: str, node: Node, total_s: float | None) -> None:
        for part in node.message.parts:
            if isinstance(part, ToolResult) and total_s is None:
                self._line(f"{part.name}: {part.content}")
            elif isinstance(part, ToolResult):
                did = "failed" if part.is_error else "is done"
                self._line(f"{label} {did} after {figures.seconds(total_s or 0.0)}, {len(part.content)} characters.")

    def aside(self, text: str) -> None:
        """Write an answer that others followed."""
        self._line(text.rstrip("\n"))

    def say(self, words: str) -> None:
        """Write one line."""
        self._line(words)

    def failure(self, failure: Failure) -> None:
        """Say what failed, and what to do."""
        self._line(f"{failure.title}: {failure.message}")
        self._line(_advice(failure))

    def ended(self, event: AnswerEnded) -> None:
        """Say why the answer is not complete, and which tools the model calls."""
        info = event.answer.answer
        if info is None:
            return
        if ending := node_ending(event.answer):
            self._line(f"{ending.words}.")
            if ending.next_step is NextStep.GO_ON and self._saved_id() is None:
                self._line(KEPT_NOWHERE)
            elif advice := _advice(ending):
                self._line(f"{advice[0].upper()}{advice[1:]}.")
        if info.failure:
            self.failure(info.failure)
        message = event.answer.message
        for part in message.beside_words:
            where = KEPT_NOWHERE if self._saved_id() is None else "The saved conversation holds it."
            self._line(f"{title_of(part)}: {', '.join(facts_of(part))}. {where}")
        for source in message.sources:
            self._line(source_words(source))
        to_act_on = event.answer.calls_to_act_on
        for call in message.tool_calls:
            name = call.name or "no tool by name"
            if call in to_act_on:
                self._line(f"The model calls {name} with {call.arguments}")
            else:
                why = call.flaw or why_not_to_act(info)
                self._line(f"Not to be acted on: a call of {name}, of which this came: {call.arguments} ({why})")

    def _line(self, text: str) -> None:
        self.end_reasoning()
        self._err.write(sanitize(text) + "\n")
        self._err.flush()


def _advice(on: Failure | Ending) -> str:
    """What to do in the shell: about a failure, in sentences; about an answer's end, in a clause; or nothing."""
    from tui_chat.workspace.advice import Audience, advise, advise_on  # what goes well does without

    return advise(on, Audience.SHELL) if isinstance(on, Failure) else advise_on(on, Audience.SHELL)


class _EndingInOneNewline:
    """Writes sanitised text as it comes, with exactly one newline at its end: trailing ones are held back."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._sanitizer = StreamSanitizer()
        self._held = ""
        self._has_written = False

    def write(self, text: str) -> None:
        text = self._held + self._sanitizer.feed(text)
        kept = text.rstrip("\n")
        self._held = text[len(kept) :]
        if kept:
            self._out.write(kept)
            self._out.flush()
            self._has_written = True

    def finish(self) -> None:
        self.write(self._sanitizer.finish())
        if self._has_written:
            self._out.write("\n")
            self._out.flush()
            self._has_written = False


def _write_line(out: TextIO, value: JsonObject) -> None:
    for piece in _pieces(value):
        out.write(piece)
    out.write("\n")
    out.flush()


def _pieces(value: JsonValue) -> Iterator[str]:
    """The JSON text of a value, as `json.dumps` writes it, in pieces: an answer at its limit takes many megabytes, and
    up to twelve characters for each of its own."""
    match value:
        case str() if len(value) > _PIECE:
            yield '"'
            for start in range(0, len(value), _PIECE):
                yield json.dumps(value[start : start + _PIECE])[1:-1]
            yield '"'
        case dict():
            yield "{"
            for number, (name, item) in enumerate(value.items()):
                yield f"{', ' if number else ''}{json.dumps(name)}: "
                yield from _pieces(item)
            yield "}"
        case list():
            yield "["
            for number, item in enumerate(value):
                yield ", " if number else ""
                yield from _pieces(item)
            yield "]"
        case _:
            yield json.dumps(value)
