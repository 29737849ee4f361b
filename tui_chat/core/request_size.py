"""How large a request is, estimated before it is sent."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from tui_chat.core.given import tokens_given
from tui_chat.core.models import Ability
from tui_chat.core.parts import File, Image, Media, Part, Text, ToolCall, ToolResult
from tui_chat.core.request import Request
from tui_chat.core.usage import estimate_tokens, tokens_of_length


class RequestSize(NamedTuple):
    """Tokens, estimated but for those that were counted."""

    tokens: int = 0
    is_whole: bool = True
    """False where something in it has no estimate: a picture."""
    pictures: int = 0
    """Pictures that are sent, which may have a price of their own."""
    counted: int = 0
    """Tokens of them that a gateway has counted."""

    @property
    def is_counted(self) -> bool:
        """Nothing of it is an estimate."""
        return self.is_whole and self.tokens == self.counted

    def plus(self, other: "RequestSize") -> "RequestSize":
        """Both together."""
        return RequestSize(
            self.tokens + other.tokens,
            self.is_whole and other.is_whole,
            self.pictures + other.pictures,
            self.counted + other.counted,
        )


def size_of_request(request: Request) -> RequestSize:
    """Estimate what a request takes: its messages, and the tools that it offers."""
    size = size_of_parts(part for message in request.messages for part in message.parts)
    offered = sum(tokens_of_length(len(msgspec.json.encode(tool))) for tool in request.tools)
    return size.plus(RequestSize(offered))._replace(pictures=pictures_in(request))


def pictures_in(request: Request) -> int:
    """Count the pictures that a request sends: none to a model that is told of them in words."""
    if Ability.PICTURES in request.not_taken:
        return 0
    return sum(isinstance(part, Image) for message in request.messages for part in message.parts)


def size_of_parts(parts: Iterable[Part]) -> RequestSize:
    """Estimate what parts of messages take; what is never sent takes nothing."""
    tokens, is_whole, pictures = 0, True, 0
    for part in parts:
        match part:
            case Text(text) | File(_, text):
                tokens += estimate_tokens(text)
            case ToolCall():
                tokens += estimate_tokens(part.name + part.arguments)
            case ToolResult():
                tokens += estimate_tokens(part.content)
            case Media() if (rough := tokens_given(part)) is not None:
                tokens += rough
            case Image() | Media():
                is_whole = False
                pictures += isinstance(part, Image)
            case _:
                pass
    return RequestSize(tokens, is_whole, pictures)
