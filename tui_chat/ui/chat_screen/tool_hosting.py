"""What the tool inspector asks of the chat: the tools with their switches, and to take a call again."""

from typing import TYPE_CHECKING

from tui_chat.ui.chat_screen.usage_hosting import UsageScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_chat.workspace.tool_switches import Switchable


class ToolHosting:
    """The chat behind the inspector."""

    def __init__(self, host: UsageScreen) -> None:
        self._host = host

    def tools(self) -> "Sequence[Switchable]":
        """The tools of the open conversation, as they are now."""
        from tui_chat.workspace.tool_switches import switchable  # the first frame does without

        return switchable(self._host.conversation.session) if self._host.conversation.is_open else ()

    def switch_tool(self, tool: "Switchable") -> None:
        """Switch a tool, and say so."""
        self._host.dispatch.run(self._switch(tool), "tools")

    async def _switch(self, tool: "Switchable") -> None:
        from tui_chat.workspace.tool_switches import toggle

        self._host.note(await toggle(self._host.conversation.session, tool))
        self._host.show_facts()

    def take_again(self, number: int) -> None:
        """Ask what is to be done with a call, and do it."""
        self._host.dispatch.run(self._take_again(number), "tools")

    async def _take_again(self, number: int) -> None:
        from tui_chat.ui.commands.actions.again import again

        await again(self._host, f"again {number}")
