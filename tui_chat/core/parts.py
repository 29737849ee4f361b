"""What a message is made of.

Parts are pure frozen values; identity, parentage and time belong to the tree. Whatever a model, a person or a
tool contributed is one part, so nothing is ever folded into another part's text and lost on reload.
"""

from enum import StrEnum
from typing import Final

import msgspec

DENIED: Final = "The user denied this call."
"""The result of a call that the person did not let run begins with it."""
LARGEST_TEXT_BYTES: Final = 32 * 1024 * 1024
"""The most that one text of a message may take, wherever it comes from."""


class Role(StrEnum):
    """Who speaks, in the service's own words."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class Text(msgspec.Struct, frozen=True, tag="text", gc=False):
    """Words meant to be read, exactly as they were typed or received (not sanitised)."""

    text: str


class Reasoning(msgspec.Struct, frozen=True, tag="reasoning", gc=False):
    """What the model thought aloud before or between its words. Shown, kept, never sent back."""

    text: str
    duration_s: float | None = None
    """Seconds from the first to the last fragment; None while it grows or where it was not measured."""


class Refusal(msgspec.Struct, frozen=True, tag="refusal", gc=False):
    """The model's own words for not answering (`delta.refusal`)."""

    text: str


class Fragment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One arrival of tool-call arguments."""

    at_s: float
    """Seconds since the request was started."""
    length: int
    """Characters that this fragment added."""


class ToolCall(msgspec.Struct, frozen=True, tag="tool_call", gc=False):
    """A call the model asked for. Whether it may be acted on depends on how the answer ended: see `Reply`."""

    id: str
    name: str
    arguments: str
    """The concatenated fragments as received; `{}` where none came. Not necessarily valid JSON."""
    fragments: tuple[Fragment, ...] = ()
    is_id_ours: bool = False
    """The gateway gave no id, or one that another call of the answer had: `id` is a name of our own for it."""
    provider_data: tuple[tuple[str, str], ...] = ()
    """Fields that came with the call and are not ours to read (`extra_content`): names, and JSON text as received."""
    flaw: str = ""
    """Why nobody could run it, in one sentence, however the answer ended; empty where somebody may."""


class ToolResult(msgspec.Struct, frozen=True, tag="tool_result", gc=False):
    """What goes back to the model for one call."""

    call_id: str
    name: str
    content: str
    is_error: bool = False

    @property
    def is_denied(self) -> bool:
        """The person did not let the call run: what a tool gave never begins so, since a line of ours comes first."""
        return self.is_error and self.content.startswith(DENIED)


class Image(msgspec.Struct, frozen=True, tag="image", gc=False):
    """A picture: for a model that sees, or by one that draws."""

    url: str
    """An https URL or a data URL."""
    name: str = ""


class File(msgspec.Struct, frozen=True, tag="file", gc=False):
    """A text file given along with a prompt."""

    name: str
    text: str


class Media(msgspec.Struct, frozen=True, tag="media", gc=False):
    """Sound, a film, a file: for a model that takes it, or of an answer."""

    kind: str
    """`audio`, `video` or `file`."""
    url: str
    """An https URL or a data URL; empty where the provider keeps it and only names it."""
    name: str = ""
    media_type: str = ""
    """As the provider says or the bytes show; empty where neither does."""


class Source(msgspec.Struct, frozen=True, tag="source", gc=False):
    """A page or a document that an answer names for what it says."""

    url: str
    """Empty where only its name is told."""
    title: str = ""
    number: int | None = None
    """What the text calls it by (`[1]`); None where it has no number."""

    @property
    def identity(self) -> tuple[str, str]:
        """What two mentions of one source share: its address, else its name."""
        return self.url, "" if self.url else self.title


class Foreign(msgspec.Struct, frozen=True, tag="foreign", gc=False):
    """A part of an answer that is of a type unknown here, kept as it came."""

    kind: str
    """Its type, as the provider calls it."""
    json: str


Given = File | Image | Media
"""What a person gives along with a prompt: a text, a picture, a document or a recording."""

Beside = Image | Media | Foreign
"""What an answer holds beside words; `Source` apart."""

Part = Text | Reasoning | Refusal | ToolCall | ToolResult | Image | File | Media | Source | Foreign


class Message(msgspec.Struct, frozen=True, gc=False):
    """One speaker's contribution, its parts in the order in which they came."""

    role: Role
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """All `Text` parts joined; empty where there is none."""
        return "".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def written_length(self) -> int:
        """Characters that a model wrote: words, reasoning, refusal and arguments."""
        said = len(self.text) + len(self.reasoning) + len(self.refusal or "")
        return said + sum(len(call.arguments) for call in self.tool_calls)

    @property
    def has_words(self) -> bool:
        """There is more than white space in its texts; nothing of a long one is copied for that."""
        return any(part.text and not part.text.isspace() for part in self.parts if isinstance(part, Text))

    @property
    def reasoning(self) -> str:
        """All `Reasoning` parts joined; empty where there is none."""
        return "".join(part.text for part in self.parts if isinstance(part, Reasoning))

    @property
    def refusal(self) -> str | None:
        """All `Refusal` parts joined; None where the model did not refuse."""
        return "".join(part.text for part in self.parts if isinstance(part, Refusal)) or None

    @property
    def beside_words(self) -> tuple[Beside, ...]:
        """Pictures, sound, files and what is of an unknown type, in the order in which they came."""
        return tuple(part for part in self.parts if isinstance(part, Beside))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The pages that this message names."""
        return tuple(part for part in self.parts if isinstance(part, Source))

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The calls of this message, actionable or not."""
        return tuple(part for part in self.parts if isinstance(part, ToolCall))


def user_message(text: str, attachments: tuple[Part, ...] = ()) -> Message:
    """What a person sends: attachments first, as models expect, then the words."""
    words = (Text(text),) if text else ()
    return Message(Role.USER, (*attachments, *words))
