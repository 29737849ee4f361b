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
    return tuple(tool.name for tool in session.services.offered if (tool.name in session.tools_off) is is_off)


def switch(session: "Session", words: str) -> str:
    """Switch the tools of these names, or patterns of names, off or on, and say so: `off get_weather fs_*`.

    Raises:
        CommandRefused: nothing is named, or there is no such tool.
    """
    way, *names = words.split()
    offered = [tool.name for tool in session.services.offered]
    if not offered:
        raise CommandRefused("No tool is set up.")
    if not names:
        raise CommandRefused(f"Which one? {states(session)}")
    found: dict[str, None] = {}
    for name in names:
        meant = [tool for tool in offered if fnmatchcase(tool, name)]
        if not meant:
            close = nearest(name, offered)
            hint = f"Did you mean {close}?" if close else states(session)
            raise CommandRefused(f"There is no tool {sanitize_line(name, _MOST)}. {hint}")
        found.update(dict.fromkeys(meant))
    off = session.tools_off | found.keys() if way == OFF else session.tools_off - found.keys()
    session.switch_tools(frozenset(off))
    return states(session)


def states(session: "Session") -> str:
    """Which tools are on and which off: `On: search. Off in this conversation: get_weather.`"""
    offered = [tool.name for tool in session.services.offered]
    on = [sanitize_line(name, _MOST) for name in offered if name not in session.tools_off]
    off = [sanitize_line(name, _MOST) for name in offered if name in session.tools_off]
    said = f"On: {', '.join(on) or 'no tool'}."
    return f"{said} Off in this conversation: {', '.join(off)}." if off else said
