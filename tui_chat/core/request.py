"""What we ask of a model, before any dialect has put it into HTTP."""

from collections.abc import Collection
from typing import Final

import msgspec

from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.models import Ability
from tui_chat.core.parts import Message
from tui_chat.core.routing import over


class ToolDefinition(msgspec.Struct, frozen=True, omit_defaults=True):
    """A function offered to the model."""

    name: str
    description: str
    parameters: JsonObject
    """A JSON Schema of type object."""
    told_by: str = ""
    """The tool server whose words these are, a stranger's; empty where they are the user's own."""


class Sampling(msgspec.Struct, frozen=True, omit_defaults=True):
    """How to answer. None leaves a field out of the request: the model's own default counts."""

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    stop: tuple[str, ...] | None = None
    seed: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    reasoning_effort: str | None = None
    extra: tuple[tuple[str, str], ...] = ()
    """Further fields of the request: names, and values as JSON text."""

    @property
    def given(self) -> tuple[str, ...]:
        """Names of what has a value."""
        return (*(name for name in SAMPLED if getattr(self, name) is not None), *dict(self.extra))

    def without(self, names: Collection[str]) -> "Sampling":
        """The same, and none of these fields."""
        known = {name: None for name in names if name in SAMPLED}
        extra = tuple(pair for pair in self.extra if pair[0] not in names)
        return msgspec.structs.replace(self, **known, extra=extra)

    def over(self, other: "Sampling") -> "Sampling":
        """These values, and where there is none those of the other."""
        own = {name: value for name in SAMPLED if (value := getattr(self, name)) is not None}
        if self.max_tokens is not None or self.max_completion_tokens is not None:  # one limit under two names
            own = {**dict.fromkeys(("max_tokens", "max_completion_tokens")), **own}
        return msgspec.structs.replace(other, **own, extra=tuple(over(dict(self.extra), dict(other.extra)).items()))


SAMPLED: Final = tuple(name for name in Sampling.__struct_fields__ if name != "extra")
"""Names of the fields that have a meaning of their own."""


class Origin(msgspec.Struct, frozen=True):
    """Where an answer of the conversation came from, and what came with it that its model may want back."""

    gateway: str = ""
    """Base URL; empty where that was not kept."""
    requested_model: str = ""
    answering_model: str = ""
    reasoning: str = ""
    message_data: dict[str, str] = {}
    """As `AnswerInfo` has it."""
    given_ids: dict[str, str] = {}
    """Of its calls that go by another id in the history: that id, and the one that came."""


class Request(msgspec.Struct, frozen=True):
    """One question with all that the model needs to answer it."""

    model: str
    messages: tuple[Message, ...]
    """The path as it shall be sent, the system prompt first where there is one; files stand in their words."""
    fallbacks: tuple[str, ...] = ()
    """Further model ids, tried in this order by the gateway (`models` with `route: "fallback"`)."""
    tools: tuple[ToolDefinition, ...] = ()
    tool_choice: str | None = None
    """`auto`, `none`, `required`, or the name of one function; None leaves it to the gateway."""
    parallel_tool_calls: bool | None = None
    response_format: JsonObject | None = None
    sampling: Sampling = Sampling()
    gateway: str = ""
    """The base URL that is asked."""
    not_taken: frozenset[Ability] = frozenset()
    """Kinds of content that the model does not take, as the catalogue says."""
    left_out: tuple[str, ...] = ()
    """Parameters that were wanted and are not in `sampling`, since the model does not take them by its catalogue."""
    origins: dict[int, Origin] = {}
    """Of the answers among `messages`, by their place in it. What came with an answer or its calls stays here where
    whoever is asked now is somebody else: that is for the dialect to decide."""
