"""What the tools of a question are called on the wire, and what the calls that come back mean.

Tools are called as their servers call them, a dot included (`server.tool`). Some providers take letters, digits, `_`
and `-` only; for them each tool goes by such a name of its own, and calls are translated back.
Sources: OpenAI's and Anthropic's pattern `^[a-zA-Z0-9_-]{1,64}$`, as users quoted it.
"""

import re
from collections.abc import Mapping

from tui_chat.core.request import Request
from tui_chat.providers.quirks import Quirks

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9_-]")
_LONGEST = 64


class ToolNames:
    """The names of one question's tools, those that were called before included."""

    def __init__(self, request: Request, quirks: Quirks) -> None:
        self._plain: dict[str, str] = {}
        offered = [tool.name for tool in request.tools]
        if not quirks.plain_names:
            return
        called = [call.name for message in request.messages for call in message.tool_calls]
        names = dict.fromkeys((*offered, *called))
        taken = {name for name in names if name == _plain(name)}
        for name in names:
            if name not in taken:
                taken.add(plain := _unused(_plain(name), taken))
                self._plain[name] = plain

    def on_wire(self, name: str) -> str:
        """What a tool is called in the request."""
        return self._plain.get(name, name)

    @property
    def meant(self) -> Mapping[str, str]:
        """What the names of calls mean, where a tool goes by another one."""
        return {plain: name for name, plain in self._plain.items()}


def _plain(name: str) -> str:
    return _NOT_PLAIN.sub("_", name)[:_LONGEST]


def _unused(name: str, taken: set[str]) -> str:
    found, number = name, 2
    while found in taken:
        end = f"_{number}"
        found, number = name[: _LONGEST - len(end)] + end, number + 1
    return found
