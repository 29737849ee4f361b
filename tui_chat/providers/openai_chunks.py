"""One chunk after the other, read by the rules that meet every gateway at once.

Of several choices the one with index 0, or none, counts. Reasoning is taken from one of its fields, never two.
Of usage all that is told counts, wherever it stands, and what is told again counts as it was told last. The first
error that says something is the error. Source: the project's page on reliability, section 4.
"""

import msgspec

from tui_chat.core.answer import cut_of
from tui_chat.core.errors import Failure
from tui_chat.core.sanitize import without_surrogates
from tui_chat.core.stream_events import (
    ProviderData,
    ReasoningDelta,
    RefusalDelta,
    Started,
    StreamEvent,
    TextDelta,
    UsageReported,
)
from tui_chat.providers.call_identity import LEGACY, CallIdentity
from tui_chat.providers.event_runs import EventRuns
from tui_chat.providers.failures import failure_in_stream
from tui_chat.providers.inline_thinking import InlineThinking
from tui_chat.providers.message_data import MessageFields, call_data
from tui_chat.providers.openai_wire import (
    UNREADABLE,
    WireCall,
    WireChoice,
    WireDelta,
    read_choices,
    read_json,
    read_reasoning_details,
    read_text,
    split_fields,
)
from tui_chat.providers.part_reader import PARTS_BESIDE_CHOICES, PartReader, has_beside, size_of_event
from tui_chat.providers.sources_wire import BESIDE_CHOICES
from tui_chat.providers.thinking_marks import THINKING_MARKS, ThinkingMarks
from tui_chat.providers.usage_wire import merged, read_usage

Fields = dict[str, msgspec.Raw]
"""The fields of a chunk, their values still JSON."""

_MAX_PROVIDER_FIELDS = 64
_MAX_PROVIDER_BYTES = 64 * 1024
_MAX_USAGE_BYTES = 64 * 1024
_CALL_COST = 512
"""Characters of arguments that a new call counts for, so that a million empty ones are not free."""

_OURS = frozenset({"id", "object", "created", "model", "choices", "usage", "error", "obfuscation"})
"""Fields that are read here, or (`obfuscation`) mean nothing by design. All others are the provider's."""

_NULL = msgspec.Raw(b"null")


class ChunkReader:
    """Reads the chunks of one answer; `take` gives the events that they made."""

    def __init__(
        self, *, marks: ThinkingMarks = THINKING_MARKS, holds_text: bool = False, may_be_bare: bool = False
    ) -> None:
        """`holds_text`: say text only once it is sure that it is no thought; `may_be_bare` as in `InlineThinking`."""
        self.has_chunks = False
        """A chunk with choices was seen."""
        self.has_message = False
        """A choice held a whole `message` instead of a `delta`."""
        self.finish_reason: str | None = None
        self.is_over = False
        """A finish reason came, and nothing more of the answer after it."""
        self.is_end_doubtful = False
        """A finish reason came before any of the answer had, or the answer went on after one: relays put it on the
        first chunk, or on each (open-webui#23921, gcli2api#403). Silence after such a reason says nothing."""
        self.error: Failure | None = None
        self._runs = EventRuns()
        self._has_own_words = False
        """Text came that was not spoken."""
        self._calls = CallIdentity()
        self._message_fields = MessageFields()
        self._thinking = InlineThinking(self._runs, marks=marks, holds_text=holds_text, may_be_bare=may_be_bare)
        self._raw_id = self._raw_model = _NULL
        self._id = self._model = ""
        self._last_usage = _NULL
        self._usages: list[msgspec.Raw] = []
        """Since the last time that events were taken."""
        self._told: UsageReported | None = None
        self._beside = PartReader()
        self._provider: dict[str, msgspec.Raw] = {}
        self._provider_changed: set[str] = set()

    @property
    def size_bytes(self) -> int:
        """How much the answer takes, in memory or as it is kept: text, reasoning and arguments."""
        return max((self._runs.chars + self._thinking.held_chars) * self._runs.width, self._runs.kept_bytes)

    @property
    def has_closed_unopened(self) -> bool:
        """Thoughts inside the text were closed and never opened."""
        return self._thinking.has_closed_unopened

    def heartbeat(self, event: StreamEvent) -> None:
        """Something that is no chunk happened."""
        self._runs.add(event)

    def take(self) -> list[StreamEvent]:
        """All events since the last time; of usage what is told by now, of each field of the provider's the last."""
        if self._usages:
            self._take_usage()
        for event in self._beside.take():
            self._runs.add(event)
        if self._provider_changed:
            for name in sorted(self._provider_changed):
                text = bytes(self._provider[name]).decode("utf-8", "replace")
                self._runs.add(ProviderData(without_surrogates(name), text))
            self._provider_changed.clear()
        return self._runs.take()

    def finish(self, *, is_complete: bool) -> None:
        """Say what was held back. `is_complete`: the answer ended, and was not cut."""
        self._thinking.finish()
        self._runs.finish()
        for event in self._message_fields.events(is_complete=is_complete):
            self._runs.add(event)

    def read(self, fields: Fields, event_type: str = "", *, is_whole: bool = False) -> None:
        """One chunk, of an event of this type, or a whole answer that came instead of a stream."""
        if fields.get("id", _NULL) != self._raw_id or fields.get("model", _NULL) != self._raw_model:
            self._read_identity(fields)
        choices = fields.get("choices")
        if choices is None or "error" in fields or "object" not in fields or "type" in fields or event_type:
            self._read_error(fields, event_type)
        if choices is not None:
            self.has_chunks = True
            self._read_choices(read_choices(choices), is_whole=is_whole)
        for name, raw in fields.items():
            if name not in _OURS and raw != self._provider.get(name, _NULL):
                if name in BESIDE_CHOICES:
                    self._beside.read_sources(name, raw)
                elif name in PARTS_BESIDE_CHOICES:
                    self._add_beside(self._beside.read_parts(name, raw))
                self._keep(name, raw)
        usage = fields.get("usage")
        if usage is not None:
            self._read_usage(usage)

    def read_late(self, fields: Fields) -> None:
        """A chunk behind the marker: some send usage there, and nothing else counts."""
        if usage := fields.get("usage"):
            self._read_usage(usage)

    def note_error(self, value: object) -> None:
        """An error in any shape. One that says something replaces one that did not."""
        if self.error is None or (value and self.error == failure_in_stream({})):
            self.error = failure_in_stream(value)

    def _read_identity(self, fields: Fields) -> None:
        """The id of the first chunk that has one (some change it with every chunk), and the model at each change."""
        self._raw_id, self._raw_model = fields.get("id", _NULL), fields.get("model", _NULL)
        id_ = self._id or _string(self._raw_id)
        model = _string(self._raw_model) or self._model
        if (id_, model) != (self._id, self._model):
            self._id, self._model = id_, model
            self._runs.add(Started(id_, model))

    def _read_choices(self, choices: list[WireChoice], *, is_whole: bool) -> None:
        is_taken = False
        for choice in choices:
            if choice.usage:
                self._read_usage(choice.usage)
            if is_taken or choice.index:
                continue
            is_taken = True
            had_answer = self._runs.has_answer
            delta = self._message(choice, is_whole=is_whole) or choice.delta
            if delta is not None:
                if self.is_over and _goes_on(delta):
                    self.is_over, self.is_end_doubtful = False, True
                self._read_delta(delta)
            if choice.finish_reason or choice.error:
                self._read_end(choice, had_answer=had_answer)

    def _message(self, choice: WireChoice, *, is_whole: bool) -> WireDelta | None:
        """The choice's `message`, where that counts: not beside a delta, and not where it only sums up what deltas
        have said. Perplexity sends both; of its whole answers the delta is the empty one."""
        if choice.message is None or (choice.delta is not None and not is_whole):
            return None
        if self._runs.chars and not self.has_message:
            return None
        self.has_message = True
        return choice.message

    def _read_end(self, choice: WireChoice, *, had_answer: bool) -> None:
        error = _value(choice.error) if choice.error else None
        reason = choice.finish_reason
        if reason and reason != "null":
            if not (self.is_over and cut_of(self.finish_reason) is not None and cut_of(reason) is None):
                self.finish_reason = without_surrogates(reason)[
                    :100
                ]  # else it was cut, and a relay adds its own reason
            self.is_over = True
            self.is_end_doubtful = self.is_end_doubtful or not had_answer
        if _says_something(error):
            self.note_error(error)
        elif reason == "error":
            self.note_error({})

    def _read_delta(self, delta: WireDelta) -> None:
        say = self._runs.say
        self._message_fields.read(delta)
        for event in self._message_fields.whole():
            self._runs.add(event)
        reasoning = delta.reasoning_content or delta.reasoning or delta.reasoning_text
        if not reasoning and delta.reasoning_details:
            reasoning = read_reasoning_details(delta.reasoning_details)
        if reasoning:
            say(ReasoningDelta, reasoning)
            self._thinking.note_other_thoughts()
        if delta.content:
            self._has_own_words = True
            if self._thinking.is_settled:
                say(TextDelta, delta.content)
            else:
                self._thinking.feed(delta.content)
        if delta.refusal:
            say(RefusalDelta, delta.refusal)
        if has_beside(delta):
            self._read_beside(delta)
        if delta.tool_calls:
            self._thinking.finish()
            self._calls.next_chunk()
            for call in delta.tool_calls:
                if call is not None:
                    self._read_call(call)
        elif delta.function_call is not None and not self._calls.has_listed:
            self._read_call(WireCall(LEGACY, None, delta.function_call))

    def _read_beside(self, delta: WireDelta) -> None:
        """Pictures, sound and sources. What is spoken is the text where the gateway sends no other."""
        events, spoken = self._beside.read(delta)
        if spoken and not self._has_own_words:
            self._runs.say(TextDelta, spoken)
        self._add_beside(events)

    def _add_beside(self, events: list[StreamEvent]) -> None:
        if events:
            self._thinking.finish()
        for event in events:
            self._runs.add(event)
        self._runs.chars += sum(map(size_of_event, events))

    def _read_call(self, call: WireCall) -> None:
        name, fragment = "", ""
        if call.function is not None:
            name = without_surrogates(call.function.name or "")
            fragment = read_text(call.function.arguments)
        before = self._calls.count
        grown = self._calls.settle(call.index, without_surrogates(call.id or ""), name, fragment)
        if call.type and call.type != "function":
            grown = msgspec.structs.replace(grown, kind=without_surrogates(call.type))
        self._runs.say_call(grown)
        for event in call_data(call, grown.index):
            self._runs.add(event)
        self._runs.chars += (self._calls.count - before) * _CALL_COST

    def _read_usage(self, raw: msgspec.Raw) -> None:
        """Kept as it is until events are taken: some send the same with every chunk."""
        if raw != self._last_usage and raw != _NULL and len(bytes(raw)) <= _MAX_USAGE_BYTES:
            self._last_usage = raw.copy()
            self._usages.append(self._last_usage)

    def _take_usage(self) -> None:
        """Usage with all that was told of it."""
        reports = [report for raw in self._usages if (report := read_usage(raw)) is not None]
        self._usages.clear()
        for report in reports:
            self._told = merged(self._told, report)
        if reports and self._told is not None:
            self._runs.add(self._told)

    def _keep(self, name: str, raw: msgspec.Raw) -> None:
        """A field that is not ours. `x_groq` also holds usage, in old streams the only one."""
        if name == "x_groq":
            try:
                self._read_usage(split_fields(raw).get("usage", _NULL))
            except UNREADABLE:
                return
        is_new = name not in self._provider
        if (is_new and len(self._provider) >= _MAX_PROVIDER_FIELDS) or len(name) > 200:
            return
        if len(bytes(raw)) <= _MAX_PROVIDER_BYTES:
            self._provider[name] = raw.copy()
            self._provider_changed.add(name)

    def _read_error(self, fields: Fields, event_type: str) -> None:
        value = {name: _value(raw) for name, raw in fields.items() if name not in ("choices", "usage")}
        if is_error(value, event_type, has_choices="choices" in fields):
            self.note_error(value)


def is_error(value: dict[str, object], event_type: str = "", *, has_choices: bool = False) -> bool:
    """Whether an object is an error in one of the shapes that were seen. `"error": null` is none."""
    if _says_something(value.get("error")) or "error" in (event_type, value.get("object"), value.get("type")):
        return True
    has_words = isinstance(value.get("message"), str) or isinstance(value.get("detail"), str | list | dict)
    return has_words and not has_choices and "id" not in value


def _goes_on(delta: WireDelta) -> bool:
    """Whether a delta brings more of an answer; white space alone may trail behind its end."""
    words = (delta.content, delta.reasoning_content, delta.reasoning, delta.reasoning_text, delta.refusal)
    return bool(delta.tool_calls) or any(text and not text.isspace() for text in words)


def _says_something(error: object) -> bool:
    """`null`, `{}`, `""` and `false` are no error, and neither is an object that has nothing else in it."""
    return any(error.values()) if isinstance(error, dict) else bool(error)


def _value(raw: msgspec.Raw) -> object:
    try:
        return read_json(raw)
    except UNREADABLE:
        return None


def _string(raw: msgspec.Raw) -> str:
    value = _value(raw)
    return without_surrogates(value[:500]) if isinstance(value, str) else ""
