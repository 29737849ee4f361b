"""Switching tools off and on in the open conversation, for every front end: `/tools off NAME`, `/tools on NAME`.

It is saved with this conversation and holds in it alone. What a person has allowed stays allowed for the time when the
tool is on again.
"""

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

import msgspec

from tui_chat.core.nearest import nearest
from tui_chat.core.sanitize import sanitize_line
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:  # nothing before a screen's first frame needs a session
    from tui_chat.chat.session import Session

OFF: Final = "off"
ON: Final = "on"
_MOST: Final = 40


def is_switch(words: str) -> bool:
    """Whether what stands behind `/tools` switches something."""
    return words.split(maxsplit=1)[:1] in ([OFF], [ON])


class Switchable(msgspec.Struct, frozen=True):
    """A tool that can be switched."""

    name: str
    """By which the model knows it; not sanitised."""
    lasting: str
    """See `Tool.lasting_name`."""
    server: str
    """The tool server that has it; empty where none does."""
    is_off: bool
    is_offered: bool
    """It can be called now, or could where it were on."""


def switchable(session: "Session") -> tuple[Switchable, ...]:
    """The tools that are offered, those that servers have told, and those that are off and that nobody has now."""
    services, off = session.services, session.tools_off
    lasting_names = {tool.name: tool.lasting_name for tool in reversed(services.servers.offered)}
    lasting_names |= {tool.name: tool.name for tool in services.tools}
    known: dict[str, Switchable] = {}
    for definition in (*services.tools, *(tool.definition for tool in services.servers.offered)):
        lasting = lasting_names[definition.name]
        is_off = off.has(definition.name, lasting)
        known[lasting] = Switchable(definition.name, lasting, definition.told_by, is_off, True)
    for tool in (each.tool for each in services.servers.listed):
        lasting = tool.lasting_name
        is_off = off.has(tool.name, lasting)
        known.setdefault(lasting, Switchable(tool.name, lasting, tool.definition.told_by, is_off, False))
    for name in sorted(off.off - known.keys()):
        known[name] = Switchable(name, name, "", True, False)
    return tuple(known.values())


async def toggle(session: "Session", tool: Switchable) -> str:
    """Switch a tool off where it is on, and on where it is off, and say so."""
    await session.switch_tools([tool.lasting], is_off=not tool.is_off)
    how = "on" if tool.is_off else "off in this conversation"
    return f"{sanitize_line(tool.name, _MOST)} is {how}."


def to_switch(session: "Session", words: str) -> tuple[str, ...]:
    """The tools to choose from where a word to switch stands alone; none where tools are named."""
    if len(words.split()) > 1:
        return ()
    is_off = words.split() == [ON]
    return tuple(tool.name for tool in switchable(session) if tool.is_off is is_off)


async def switch(session: "Session", words: str) -> str:
    """Switch the tools of these names, or patterns of names, off or on, and say so: `off get_weather fs_*`.

    Raises:
        CommandRefused: nothing is named, or there is no such tool.
    """
    way, *names = words.split()
    known = {tool.name: tool for tool in switchable(session)}
    if not known and not session.services.servers.views:
        raise CommandRefused("No tool is set up.")
    if not names:
        raise CommandRefused(f"Which one? {states(session)}")
    found: set[str] = set()
    for name in names:
        meant = [tool.lasting for tool in known.values() if fnmatchcase(tool.name, name)]
        if not meant:
            if session.services.servers.is_waiting or session.services.servers.starting:
                raise CommandRefused("Not all tool servers have told their tools yet: /tools asks them.")
            close = nearest(name, tuple(known))
            hint = f"Did you mean {close}?" if close else states(session)
            raise CommandRefused(f"There is no tool {sanitize_line(name, _MOST)}. {hint}")
        found.update(meant)
    await session.switch_tools(found, is_off=way == OFF)
    return states(session)


def states(session: "Session") -> str:
    """Which tools are on and which off: `On: search. Off in this conversation: get_weather.`"""
    on = [sanitize_line(tool.name, _MOST) for tool in session.asking.offered]
    off = [sanitize_line(tool.name, _MOST) for tool in switchable(session) if tool.is_off]
    said = f"On: {', '.join(on) or 'no tool'}."
    return f"{said} Off in this conversation: {', '.join(off)}." if off else said
