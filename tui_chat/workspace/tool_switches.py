"""Switching tools off and on in the open conversation, for every front end: `/tools off NAME`, `/tools on NAME`.

It holds until the program ends, and in this conversation alone. What a person has allowed stays allowed for the time
when the tool is on again.
"""

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

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


def to_switch(session: "Session", words: str) -> tuple[str, ...]:
    """The tools to choose from where a word to switch stands alone; none where tools are named."""
    if len(words.split()) > 1:
        return ()
    is_off = words.split() == [ON]
    return tuple(name for name in _known(session) if (name in session.tools_off) is is_off)


def _known(session: "Session") -> tuple[str, ...]:
    """The tools that are offered, those that servers have told, and those that are off."""
    services = session.services
    named = [tool.name for tool in services.offered] + [each.tool.name for each in services.servers.listed]
    return tuple(dict.fromkeys([*named, *sorted(session.tools_off.off)]))


def switch(session: "Session", words: str) -> str:
    """Switch the tools of these names, or patterns of names, off or on, and say so: `off get_weather fs_*`.

    Raises:
        CommandRefused: nothing is named, or there is no such tool.
    """
    way, *names = words.split()
    known = _known(session)
    if not known and not session.services.servers.views:
        raise CommandRefused("No tool is set up.")
    if not names:
        raise CommandRefused(f"Which one? {states(session)}")
    found: dict[str, None] = {}
    for name in names:
        meant = [tool for tool in known if fnmatchcase(tool, name)]
        if not meant:
            if session.services.servers.is_waiting or session.services.servers.starting:
                raise CommandRefused("Not all tool servers have told their tools yet: /tools asks them.")
            close = nearest(name, known)
            hint = f"Did you mean {close}?" if close else states(session)
            raise CommandRefused(f"There is no tool {sanitize_line(name, _MOST)}. {hint}")
        found.update(dict.fromkeys(meant))
    session.switch_tools(session.tools_off.switched(found, is_on=way == ON))
    return states(session)


def states(session: "Session") -> str:
    """Which tools are on and which off: `On: search. Off in this conversation: get_weather.`"""
    on = [sanitize_line(tool.name, _MOST) for tool in session.asking.offered]
    off = [sanitize_line(name, _MOST) for name in _known(session) if name in session.tools_off]
    said = f"On: {', '.join(on) or 'no tool'}."
    return f"{said} Off in this conversation: {', '.join(off)}." if off else said
