"""The tools that can be called in the open conversation, each with a switch."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.rows.rows import Ink, Row, cut, spread, width_of, wrapped
from tui_chat.ui.theming.marks import Mark
from tui_chat.workspace.tool_switches import Switchable

NO_TOOL = "No tool is offered. The manual says how: /help tools"


class ToolList(PickList):
    """A line for each tool; its key switches the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("tools-switch", "switch")]

    class Switched(Message):
        """A tool is to be switched off, or on."""

        def __init__(self, tool: Switchable) -> None:
            super().__init__()
            self.tool = tool

    def __init__(self, tools: Callable[[], Sequence[Switchable]], *, id: str | None = None) -> None:
        """`tools` are asked for whenever the list is drawn anew."""
        super().__init__(clicks=2, id=id)
        self._asked = tools
        self._tools: Sequence[Switchable] = ()

    def read(self, among: Callable[[Sequence[Switchable]], Sequence[Switchable]]) -> None:
        """List those `among` the tools, as they are now, that fit; the cursor stays on its tool."""
        under = self._tools[self.cursor].lasting if self.cursor < len(self._tools) else ""
        tools = among(self._asked())
        if tools != self._tools or not self.count:
            self._tools = tools
            cursor = next((at for at, tool in enumerate(tools) if tool.lasting == under), self.cursor)
            self.show_items(len(tools), self._draw_tool, cursor=cursor)

    def _draw_tool(self, index: int, width: int) -> tuple[Row, ...]:
        tool = self._tools[index]
        ink, mark, words = (Ink.MUTED, Mark.OFF, "off") if tool.is_off else (Ink.SUCCESS, Mark.ANSWER, "on ")
        name = (Ink.MUTED if tool.is_off else Ink.TOOL, sanitize_line(tool.name, 80))
        left: Row = ((ink, f"{mark.drawn} {words}  "), name)
        told = [f"mcp {sanitize_line(tool.server, 40)}"] if tool.server else []
        told += [] if tool.is_offered else ["not there now"]
        right: Row = ((Ink.MUTED, " · ".join(told)),)
        return (spread(left, right, width) if width_of(left) + 2 + width_of(right) <= width else cut(left, width),)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to switch only where there is a tool."""
        return (action != "switch" or self.count > 0) and super().check_action(action, parameters)

    def action_switch(self) -> None:
        """Ask for the tool under the cursor to be switched."""
        if self.cursor < len(self._tools):
            self.post_message(self.Switched(self._tools[self.cursor]))

    def action_pick(self) -> None:
        """The same: there is nothing else to do with a tool here."""
        self.action_switch()


def about_tools(tools: Sequence[Switchable], width: int, *, has_calls: bool) -> Sequence[Row]:
    """What stands above the list of tools: how many can be called and how many are off."""
    if not tools:
        return wrapped(NO_TOOL, width, Ink.MUTED)
    on = sum(not tool.is_off and tool.is_offered for tool in tools)
    off = sum(tool.is_off for tool in tools)
    said = f"{on or 'No'} {'tool is' if on == 1 or not on else 'tools are'} offered"
    said += f", {off} {'is' if off == 1 else 'are'} off in this chat." if off else "."
    calls = "" if has_calls else " Calls appear here."
    return wrapped(f"{said}{calls}", width, Ink.MUTED)
