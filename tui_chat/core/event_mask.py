"""The wire's door: every event of an answer passes here, and none of them holds a secret behind it.

    EventMask(secrets: () -> Secrets)     `feed` each event, in order; the last one, `Stopped`, brings all that waited

Words are masked across the borders of events, each kind of text and each call by itself. A call in whose arguments
something was hidden says so, since it is not what the model wrote any more. What is not ours to read, and may be
signed, is dropped whole.
"""

from collections.abc import Callable
from typing import Final, TypeVar, cast

import msgspec

from tui_chat.core.redact import Secrets
from tui_chat.core.stream_events import (
    AudioDelta,
    FellBack,
    FieldLeftOut,
    Heartbeat,
    MessageData,
    PartReceived,
    ReasoningDelta,
    Reclassified,
    RefusalDelta,
    RetryScheduled,
    SecretHidden,
    Stopped,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
)
from tui_chat.core.stream_mask import StreamMask

Spoken = TextDelta | ReasoningDelta | RefusalDelta
_SOUND: Final = "sound"
_Channel = type[TextDelta] | type[ReasoningDelta] | type[RefusalDelta] | int | str
"""A text of its own: a kind of words, the arguments of the call at this position, or the sound."""
_Value = TypeVar("_Value")


class EventMask:
    """Masks the events of one answer."""

    def __init__(self, secrets: Callable[[], Secrets]) -> None:
        """`secrets` gives those in force: some become known only when the request goes."""
        self._find_secrets = secrets
        self._secrets = secrets()
        self._masks: dict[_Channel, StreamMask] = {}
        self._waiting: _Channel | None = None
        """The text whose end waits for more of it; None where none does."""
        self._calls: dict[int, ToolCallDelta] = {}
        """The last event of each call, masked."""
        self._text_chars = 0
        """Of the text, as it was handed out."""
        self._has_told = False
        self._out: list[StreamEvent] = []

    def feed(self, event: StreamEvent) -> list[StreamEvent]:
        """What can be handed on now: most often the event itself."""
        self._secrets = self._find_secrets()
        if self._secrets.forms is None:
            return [self._redacted(event)]
        if type(event) is Heartbeat:
            return [event]
        match event:
            case TextDelta() | ReasoningDelta() | RefusalDelta():
                self._speak(event)
            case ToolCallDelta():
                self._call(event)
            case AudioDelta():
                self._sound(event)
            case Reclassified():
                self._let_go()
                if self._text_chars:
                    self._out.append(Reclassified(self._text_chars))
                self._text_chars = 0
            case PartReceived():
                self._let_go()
                self._hand_on(event)
            case MessageData():
                self._data(event)
            case Stopped():
                self._let_go()
                self._out.append(self._redacted(event))
            case RetryScheduled() | FellBack() | FieldLeftOut():
                self._out.append(self._redacted(event))
            case _:
                self._hand_on(event)
        return self._taken()

    def release(self) -> list[StreamEvent]:
        """What waits, because nothing more comes: whoever asked has stopped the answer."""
        self._let_go()
        return self._taken()

    def _taken(self) -> list[StreamEvent]:
        out, self._out = self._out, []
        return out

    def _speak(self, event: Spoken) -> None:
        kind = type(event)
        text = self._masked_piece(kind, event.text)
        if text:
            self._say(event if text == event.text else kind(text))

    def _say(self, event: Spoken) -> None:
        if isinstance(event, TextDelta):
            self._text_chars += len(event.text)
        self._out.append(event)

    def _call(self, event: ToolCallDelta) -> None:
        fragment = self._masked_piece(event.index, event.fragment)
        last = self._calls.get(event.index)
        is_new = last is None or (event.id, event.name, event.kind) != (last.id, last.name, last.kind)
        masked = self._masked(event) if is_new else event
        has_hidden = self._masks[event.index].has_hidden or masked.name != event.name or masked.kind != event.kind
        if masked.id != event.id:
            masked = msgspec.structs.replace(masked, id="")  # it gets one of ours: a server takes none with a mark
            self._tell()
        if has_hidden or fragment != event.fragment:
            masked = msgspec.structs.replace(masked, fragment=fragment, is_masked=event.is_masked or has_hidden)
            if has_hidden:
                self._tell()
        self._calls[event.index] = masked
        self._out.append(masked)

    def _sound(self, event: AudioDelta) -> None:
        """A mark in the middle of base64 would end the sound: a piece in which something is hidden is left out."""
        data = self._masked_piece(_SOUND, event.data)
        if self._masks[_SOUND].has_hidden:
            self._tell("sound")
        elif data:
            self._out.append(msgspec.structs.replace(event, data=data))

    def _data(self, event: MessageData) -> None:
        if self._secrets.mask_json(event.json) == event.json and self._secrets.mask(event.name) == event.name:
            self._out.append(event)
        else:
            self._tell(self._secrets.mask(event.name))

    def _masked_piece(self, channel: _Channel, text: str) -> str:
        mask = self._masks.get(channel)
        if mask is None:
            assert self._secrets.forms is not None, "without secrets nothing is masked"
            mask = self._masks[channel] = StreamMask(self._secrets.forms)
        if self._waiting != channel:
            self._let_go()
        had_hidden = mask.has_hidden
        shown = mask.feed(text)
        if mask.has_hidden and not had_hidden:
            self._tell()
        self._waiting = channel if mask.is_waiting else None
        return shown

    def _let_go(self) -> None:
        """Hand out what waits, before something comes that stands behind it."""
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        held = self._masks[waiting].release()
        match waiting:
            case int():
                self._out.append(msgspec.structs.replace(self._calls[waiting], fragment=held))
            case str():
                self._out.append(AudioDelta(held))
            case _:
                self._say(waiting(held))

    def _hand_on(self, event: StreamEvent) -> None:
        """Hand out an event with every text in it masked."""
        masked = self._masked(event)
        if masked is not event:
            self._tell()
        self._out.append(masked)

    def _tell(self, dropped: str = "") -> None:
        """Say once that the gateway sends secrets back, and of each thing that was dropped for it."""
        if dropped or not self._has_told:
            self._out.append(SecretHidden(dropped))
        self._has_told = True

    def _masked(self, value: _Value) -> _Value:
        """A value with each text in it masked; the same one where there is nothing to hide. Any may be JSON."""
        masked: object = value
        match value:
            case str():
                masked = self._secrets.mask_json(value)
            case tuple():
                masked = tuple(map(self._masked, value))
            case dict():
                masked = {self._masked(name): self._masked(item) for name, item in value.items()}
            case msgspec.Struct():
                before = {name: getattr(value, name) for name in value.__struct_fields__}
                after = {name: self._masked(item) for name, item in before.items()}
                masked = msgspec.structs.replace(value, **after) if after != before else value
        return value if masked == value else cast(_Value, masked)

    def _redacted(self, event: StreamEvent) -> StreamEvent:
        """An event in the words of an error."""
        redact = self._secrets.redact_failure
        match event:
            case RetryScheduled(failure=failure):
                return msgspec.structs.replace(event, failure=redact(failure))
            case Stopped(outcome, reason, failure, waited_s):
                reason = self._secrets.mask(reason) if reason else reason
                return Stopped(outcome, reason, redact(failure) if failure else None, waited_s)
            case FellBack(failed, model, failure):
                return FellBack(failed, model, redact(failure))
            case FieldLeftOut(name, why):
                return FieldLeftOut(name, self._secrets.redact(why))
            case _:
                return event
