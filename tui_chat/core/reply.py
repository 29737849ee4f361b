"""The fold: stream events in, one reply out.

Folding is total: no sequence of events raises, and what arrived is kept whatever came after it. Text grows in
ropes, so the fold's cost per event does not grow with the answer.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final, assert_never

import msgspec

from tui_chat.core.answer import UNRUNNABLE, AnswerInfo, Fallback, Timing
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.growing_parts import Call, Run, Sound
from tui_chat.core.media import joined
from tui_chat.core.parts import (
    Beside,
    Message,
    Part,
    Reasoning,
    Refusal,
    Role,
    Source,
    Text,
    ToolCall,
)
from tui_chat.core.rope import Rope
from tui_chat.core.stream_events import (
    AudioDelta,
    Connected,
    FellBack,
    FieldLeftOut,
    Heartbeat,
    MessageData,
    Outcome,
    PartReceived,
    ProviderData,
    ReasoningDelta,
    Reclassified,
    RefusalDelta,
    RetryScheduled,
    SecretHidden,
    SourceFound,
    Started,
    Stopped,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)


class Reply(AnswerInfo, frozen=True):
    """One answer as far as it has come. `outcome` None: it is still growing."""

    parts: tuple[Part, ...] = ()

    @property
    def message(self) -> Message:
        """What the conversation keeps of it."""
        return Message(Role.ASSISTANT, self.parts)

    @property
    def info(self) -> AnswerInfo:
        """How it came about, without its words."""
        return AnswerInfo(**{name: getattr(self, name) for name in AnswerInfo.__struct_fields__})

    @property
    def text(self) -> str:
        """All of the text; empty where there is none."""
        return self.message.text

    @property
    def reasoning(self) -> str:
        """All of the reasoning; empty where there is none."""
        return self.message.reasoning

    @property
    def refusal(self) -> str | None:
        """The refusal; None where the model did not refuse."""
        return self.message.refusal

    @property
    def seen_calls(self) -> tuple[ToolCall, ...]:
        """Every call that began."""
        return self.message.tool_calls

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """Calls that may be acted on: those without a flaw, of an answer that ended well."""
        return tuple(call for call in self.seen_calls if not call.flaw) if self.calls_may_be_acted_on else ()

    @property
    def partial_tool_calls(self) -> tuple[ToolCall, ...]:
        """Calls that were seen but must not be acted on."""
        return tuple(call for call in self.seen_calls if call.flaw or not self.calls_may_be_acted_on)


_DELTAS: Final[Mapping[type, Callable[[str], StreamEvent]]] = {
    Text: TextDelta,
    Reasoning: ReasoningDelta,
    Refusal: RefusalDelta,
}


class ReplyFold:
    """Feeds on events, in order; `reply()` may be asked for at any time and costs what has arrived since."""

    def __init__(self, requested_model: str = "", offered: Collection[str] = ()) -> None:
        """`offered`: the names of the tools that the model was offered."""
        self._requested_model = requested_model
        self._offered = frozenset(offered)
        self._order: list[Run | Call | Sound | Beside] = []
        self._sound: Sound | None = None
        self._sources: dict[tuple[str, str], Source] = {}
        self._calls: dict[int, Call] = {}
        self._run: Run | None = None
        self._model = ""
        self._response_id = ""
        self._usage: UsageReported | None = None
        self._provider_data: dict[str, str] = {}
        self._message_data: dict[str, str] = {}
        self._left_out: dict[str, None] = {}
        self._first_token_s: float | None = None
        self._total_s: float | None = None
        self._fell_back: list[Fallback] = []
        self._retries = 0
        self._has_begun = False
        self._stopped: Stopped | None = None

    @property
    def has_content(self) -> bool:
        """Whether anything of the answer itself has arrived."""
        return bool(self._order)

    def feed(self, event: StreamEvent, at_s: float = 0.0) -> None:
        """Fold one event that happened `at_s` seconds after the request was started. Never raises."""
        match event:
            case TextDelta(text):
                self._grow(Text, text, at_s)
            case ReasoningDelta(text):
                self._grow(Reasoning, text, at_s)
            case Reclassified():
                self._reclassify()
            case RefusalDelta(text):
                self._grow(Refusal, text, at_s)
            case ToolCallDelta():
                self._grow_call(event, at_s)
            case PartReceived(part):
                self._begin(part, at_s)
            case AudioDelta(data, media_type):
                self._grow_sound(data, media_type, at_s)
            case SourceFound(source):
                self._sources[source.identity] = source
            case Started(response_id, model):
                self._response_id = response_id or self._response_id
                self._model = model or self._model
            case UsageReported():
                self._usage = event
            case ProviderData(name, json):
                self._provider_data[name] = json
            case MessageData():
                self._keep(event)
            case FieldLeftOut(name):
                self._left_out[name] = None
            case FellBack(failed, model, failure):
                self._left_out.clear()  # of the next request it is said anew
                self._fell_back.append(Fallback(failed, failure.message, failure.status))
                self._model = model
            case RetryScheduled(attempt):
                self._retries = max(self._retries, attempt)
            case Stopped():
                self._stopped = event
                self._total_s = max(0.0, at_s - event.waited_s)
            case Connected():
                self._has_begun = True
            case Heartbeat() | SecretHidden():
                pass
            case _:
                assert_never(event)

    def _grow(self, kind: type[Text] | type[Reasoning] | type[Refusal], text: str, at_s: float) -> None:
        if not text:
            return
        run = self._run
        if run is not None and run.kind is kind:
            run.words.append(text)
            run.last_s = at_s
            return
        if self._first_token_s is None:
            self._first_token_s = at_s
        self._run = Run(kind, Rope(text), at_s, at_s)
        self._order.append(self._run)

    def _reclassify(self) -> None:
        texts = [item for item in self._order if isinstance(item, Run) and item.kind is Text]
        is_end = True
        for run in reversed(texts):
            run.kind = Reasoning
            if is_end:
                run.words = Rope(run.words.text().rstrip())
                is_end = not run.words
        self._order = [item for item in self._order if not isinstance(item, Run) or item.words]
        if self._run is not None and not self._run.words:
            self._run = None

    def _begin(self, item: "Sound | Beside", at_s: float) -> None:
        self._run = None
        self._order.append(item)
        if self._first_token_s is None:
            self._first_token_s = at_s

    def _grow_sound(self, data: str, media_type: str, at_s: float) -> None:
        if self._sound is None:
            run = self._run
            self._sound = Sound()
            self._begin(self._sound, at_s)
            self._run = run  # its words go on beside it
        self._sound.pieces.append(data)
        self._sound.media_type = self._sound.media_type or media_type

    def _keep(self, event: MessageData) -> None:
        if event.call is None:
            self._message_data[event.name] = event.json
        elif (call := self._calls.get(event.call)) is not None:
            call.provider_data[event.name] = event.json

    def _grow_call(self, event: ToolCallDelta, at_s: float) -> None:
        call = self._calls.get(event.index)
        if call is None:
            call = self._calls[event.index] = Call()
            self._order.append(call)
            if self._first_token_s is None:
                self._first_token_s = at_s
        self._run = None
        call.id = call.id or event.id
        call.name = call.name or event.name
        call.kind = call.kind or event.kind
        call.is_masked = call.is_masked or event.is_masked
        if event.fragment:
            call.grow(event.fragment, at_s)

    def reply(self) -> Reply:
        """The answer so far."""
        usage, stopped = self._usage, self._ending()
        return Reply(
            parts=self._parts(),
            requested_model=self._requested_model,
            model=self._model or None,
            response_id=self._response_id or None,
            outcome=stopped.outcome if stopped else None,
            finish_reason=stopped.finish_reason if stopped else None,
            failure=stopped.failure if stopped else None,
            counts=usage.counts if usage else None,
            cost=usage.cost if usage else None,
            usage_raw=usage.raw if usage else None,
            timing=Timing(self._first_token_s, self._total_s),
            retries=self._retries,
            provider_data=dict(self._provider_data),
            message_data=dict(self._message_data),
            left_out=tuple(self._left_out),
            has_begun=self._has_begun,
            fell_back=tuple(self._fell_back),
        )

    def arrived(self) -> Iterator[tuple[float, StreamEvent]]:
        """Events, each with its time, that make the same parts as those that came, and are as few as can be."""
        if self._model or self._response_id:
            yield 0.0, Started(self._response_id, self._model)
        indexes = {id(call): index for index, call in self._calls.items()}
        for item in self._order:
            match item:
                case Run():
                    delta, text = _DELTAS[item.kind], item.words.text()
                    yield item.first_s, delta(text[:1])
                    if rest := text[1:]:
                        yield item.last_s, delta(rest)
                case Call():
                    at_s = item.fragments[0].at_s if item.fragments else 0.0
                    words = (item.id, item.name, item.arguments.text(), item.kind)
                    yield at_s, ToolCallDelta(indexes[id(item)], *words, item.is_masked)
                case Sound():
                    yield 0.0, AudioDelta(joined(item.pieces), item.media_type)
                case _:
                    yield 0.0, PartReceived(item)
        for source in self._sources.values():
            yield 0.0, SourceFound(source)

    def _ending(self) -> Stopped | None:
        """How the answer ended: as an error also where all is well but for a call that can never be run."""
        stopped = self._stopped
        never = next((why for call in self._calls.values() if (why := call.never_runs)), "")
        if stopped is None or stopped.outcome is not Outcome.COMPLETE or not never:
            return stopped
        message = f"The model called something that can never be run. {never}"
        failure = Failure(ErrorKind.PROTOCOL, message, "Ask again.", retryable=True, code=UNRUNNABLE)
        return Stopped(Outcome.ERROR, stopped.finish_reason, failure)

    def _parts(self) -> tuple[Part, ...]:
        ended = self._stopped is not None
        parts: list[Part] = []
        taken: set[str] = set()
        for item in self._order:
            if isinstance(item, Run | Sound):
                parts.append(item.part())
                continue
            if isinstance(item, Beside):
                parts.append(item)
                continue
            call = item.part(_unused_id(item.id, taken))
            taken.add(call.id)
            if ended:
                arguments = call.arguments if call.arguments.strip() else "{}"
                call = msgspec.structs.replace(call, arguments=arguments, flaw=item.flaw(self._offered))
            parts.append(call)
        return (*parts, *self._sources.values())


def _unused_id(id_: str, taken: set[str]) -> str:
    """The call's id, or one of our own where it is missing or was used before in this answer."""
    if id_ and id_ not in taken:
        return id_
    number = len(taken)
    while f"call_{number}" in taken:
        number += 1
    return f"call_{number}"


def fold(events: Iterable[StreamEvent], requested_model: str = "") -> Reply:
    """The reply that a whole list of events makes."""
    folding = ReplyFold(requested_model)
    for event in events:
        folding.feed(event)
    return folding.reply()
