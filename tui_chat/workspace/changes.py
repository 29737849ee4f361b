"""What was done to the messages of a conversation in this run, so that each deed is undone by one undo.

Nothing is ever taken out of a tree, so a deed is known by where the path ended before it and what was noted of the
messages that it marked.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:  # nothing before a screen's first frame needs them
    from tui_chat.chat.session import Session
    from tui_chat.core.marks import Marks
    from tui_chat.core.tree import Node


class _Deed(NamedTuple):
    undone: str
    """What is said when it is undone."""
    head_id: str | None
    marks: tuple[tuple[str, "Marks"], ...]


class Changes:
    """The deeds of one conversation, the last one at the end."""

    def __init__(self) -> None:
        self._deeds: list[_Deed] = []

    def note(self, session: "Session", undone: str, marked: "Iterable[Node]" = ()) -> None:
        """Remember how things are, before something is done; `undone` is said when that is undone, `marked` are the
        messages of which something else will be noted."""
        marks = tuple((node.id, node.marks) for node in marked)
        self._deeds.append(_Deed(undone, session.conversation.head_id, marks))

    async def undo(self, session: "Session") -> str:
        """Put things back as they were before the last deed, and say so.

        Raises:
            CommandRefused: nothing was done.
        """
        if not self._deeds:
            raise CommandRefused("Nothing was done to messages yet.")
        deed = self._deeds.pop()
        for node_id, marks in deed.marks:
            await session.mark(node_id, marks)
        if deed.head_id != session.conversation.head_id:
            await session.go_to(deed.head_id)
        return deed.undone
