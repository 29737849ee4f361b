"""What the tool inspector asks of the chat: the tools with their switches, and to take a call again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tui_chat.workspace.tool_switches import Switchable


class ToolHost(Protocol):
    """The chat behind the inspector."""

    def tools(self) -> "Sequence[Switchable]":
        """The tools that can be called, or switched, as they are now."""
        ...

    def switch_tool(self, tool: "Switchable") -> None:
        """Switch a tool off, or on."""
        ...

    def take_again(self, number: int) -> None:
        """Ask what is to be done with a call, by its number in the list, of which the first is 1."""
        ...


class _NoHost:
    """An inspector alone: there are no tools, and nothing is done."""

    def tools(self) -> "Sequence[Switchable]":
        return ()

    def switch_tool(self, tool: "Switchable") -> None:
        """Nothing to switch."""

    def take_again(self, number: int) -> None:
        """Nobody to ask."""


NO_HOST = _NoHost()
