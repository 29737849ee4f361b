"""Tools that a person has switched off in one conversation: they are not offered, and their calls do not run."""

from collections.abc import Callable

import msgspec

from tui_chat.chat.services import Services
from tui_chat.chat.tool_plans import CallFault, Planned, Planner
from tui_chat.core.parts import ToolCall
from tui_chat.core.switched_off import SwitchedOff

IS_OFF = "The user has switched this tool off in this conversation."


class SwitchedTools:
    """A planner that plans no call of a tool that is off by then."""

    def __init__(self, planner: Planner, is_off: Callable[[str], bool]) -> None:
        """`is_off` is given the name by which the model knows a tool."""
        self._planner = planner
        self._is_off = is_off

    def plan(self, call: ToolCall) -> Planned:
        """What this call would do."""
        return CallFault(call, IS_OFF) if self._is_off(call.name) else self._planner.plan(call)


def without_tools(services: Services, off: SwitchedOff) -> Services:
    """The services with the tools alone that are on; the same where none is off."""
    return msgspec.structs.replace(services, tools_off=off) if off else services


def lasting_name(services: Services, name: str) -> str:
    """The `Tool.lasting_name` of the tool that the model knows by this name; the name itself where nobody has it."""
    if any(tool.name == name for tool in services.tools):
        return name
    told = (*services.servers.offered, *(each.tool for each in services.servers.listed))
    return next((tool.lasting_name for tool in told if tool.name == name), name)
