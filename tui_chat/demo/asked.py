"""A request, as far as a scripted model needs to know it, and its tokens."""

import msgspec

from tui_chat.core.jsonvalue import JsonObject
from tui_chat.demo import tokens

_ATTACHMENT_TOKENS = 256


class AskedCall(msgspec.Struct, frozen=True):
    """A tool call of an earlier answer."""

    id: str
    name: str
    arguments: str


class AskedMessage(msgspec.Struct, frozen=True):
    """One message of the history, as text."""

    role: str
    text: str
    attachments: tuple[str, ...] = ()
    """Types of the blocks that are not text: `image_url`, `file`, …"""
    calls: tuple[AskedCall, ...] = ()
    call_id: str = ""


class AskedTool(msgspec.Struct, frozen=True):
    """A tool that the request offers."""

    name: str
    description: str = ""
    parameters: JsonObject = {}


class Asked(msgspec.Struct, frozen=True):
    """One request."""

    model: str
    messages: tuple[AskedMessage, ...]
    fallbacks: tuple[str, ...] = ()
    is_stream: bool = False
    tools: tuple[AskedTool, ...] = ()
    tool_choice: str = "auto"
    """`auto`, `none`, `required`, or the name of the one function to call after a `=`."""
    allows_parallel: bool = True
    limit_tokens: int | None = None
    stops: tuple[str, ...] = ()
    schema: JsonObject | None = None
    """JSON schema that the answer must have; empty for any object, None for an answer in words."""
    effort: str = ""

    @property
    def prompt(self) -> str:
        """The last question; empty where there is none."""
        return next((message.text for message in reversed(self.messages) if message.role == "user"), "")

    @property
    def begun(self) -> str:
        """The beginning of the answer, where the last message is one to be written on from its last letter; else
        empty."""
        last = self.messages[-1] if self.messages else None
        return last.text if last is not None and last.role == "assistant" and not last.calls else ""

    @property
    def prompt_tokens(self) -> int:
        """Tokens of the whole request."""
        return sum(_size(message) for message in self.messages) + sum(
            tokens.count(tool.name + tool.description) + tokens.count(msgspec.json.encode(tool.parameters).decode())
            for tool in self.tools
        )

    @property
    def cached_tokens(self) -> int:
        """Tokens that a real gateway would have cached: all but the last message, in steps of 128 from 1024."""
        known = sum(_size(message) for message in self.messages[:-1])
        return known // 128 * 128 if known >= 1024 else 0


def _size(message: AskedMessage) -> int:
    calls = sum(tokens.count(call.name + call.arguments) for call in message.calls)
    attachments = _ATTACHMENT_TOKENS * len(message.attachments)
    return tokens.count(message.text) + tokens.MESSAGE_OVERHEAD + calls + attachments
