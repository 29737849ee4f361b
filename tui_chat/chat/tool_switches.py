"""Tools that a person has switched off in one conversation: they are not offered, and their calls do not run."""

import dataclasses
from collections.abc import Callable, Collection

from tui_chat.chat.services import Services
from tui_chat.chat.tool_plans import CallFault, Planned, Planner
from tui_chat.core.parts import ToolCall

IS_OFF = "The user has switched this tool off in this conversation."

SwitchedOff = frozenset[str]
"""Names of tools."""


class SwitchedTools:
    """A planner that plans no call of a tool that is off by then."""

    def __init__(self, planner: Planner, off: Callable[[], Collection[str]]) -> None:
        self._planner = planner
        self._off = off

    def plan(self, call: ToolCall) -> Planned:
        """What this call would do."""
        return CallFault(call, IS_OFF) if call.name in self._off() else self._planner.plan(call)


def without_tools(services: Services, off: SwitchedOff) -> Services:
    """The services with the tools alone that are on; the same where none is off."""
    return dataclasses.replace(services, tools_off=off) if off else services
