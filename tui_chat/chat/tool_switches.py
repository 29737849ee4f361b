"""Tools that a person has switched off in one conversation: they are not offered, and their calls do not run."""

import dataclasses
from collections.abc import Callable, Container

from tui_chat.chat.services import Services
from tui_chat.chat.tool_plans import CallFault, Planned, Planner
from tui_chat.core.parts import ToolCall
from tui_chat.core.switched_off import SwitchedOff
from tui_chat.core.tree import Conversation

IS_OFF = "The user has switched this tool off in this conversation."


class SwitchedTools:
    """A planner that plans no call of a tool that is off by then."""

    def __init__(self, planner: Planner, off: Callable[[], Container[str]]) -> None:
        self._planner = planner
        self._off = off

    def plan(self, call: ToolCall) -> Planned:
        """What this call would do."""
        return CallFault(call, IS_OFF) if call.name in self._off() else self._planner.plan(call)


def begin_off(services: Services, conversation: Conversation) -> SwitchedOff:
    """What is off in a conversation that is opened: as it was left in this run, else as its preset has it."""
    left = services.tool_use.switched_off.get(conversation.id)
    return SwitchedOff(only=conversation.preset_tools) if left is None else left


def without_tools(services: Services, off: SwitchedOff) -> Services:
    """The services with the tools alone that are on; the same where none is off."""
    return dataclasses.replace(services, tools_off=off) if off else services
