"""What was done to the messages of a conversation in this run, so that each deed is undone by one undo.

Nothing is ever taken out of a tree, so a deed is known by what was noted before it of the messages that it marked, or
by where the path ended before it turned to another branch.
"""

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:  # nothing before a screen's first frame needs them
    from tui_chat.chat.session import Session
    from tui_chat.core.marks import Marks
    from tui_chat.core.tree import Node


class _Marked(msgspec.Struct, frozen=True):
    undone: str
    """What is said when it is undone."""
    node_id: str
    marks: "Marks"
    head_id: str | None
    """Where the path ended, where it turned elsewhere with it; else None."""


class _Turned(msgspec.Struct, frozen=True):
    undone: str
    head_id: str


class _Begun(msgspec.Struct, frozen=True):
    undone: str
    node: "Node"
    """The first message, before which no path can end."""


class Origin(msgspec.Struct, frozen=True):
    """A conversation that another one is a copy of."""

    session: "Session"
    changes: "Changes"
    """What was done to it, to be undone there as before."""


class Changes:
    """The deeds of one conversation, the last one at the end."""

    def __init__(self) -> None:
        self._deeds: list[_Marked | _Turned | _Begun] = []
        self._origin: Origin | None = None

    @property
    def forked_from(self) -> "Origin | None":
        """What this conversation was copied from, where that is the last deed; going back there undoes it."""
        return None if self._deeds else self._origin

    def forks(self, origin: "Session", changes: "Changes") -> None:
        """Remember that the conversation begins as a copy of another one, to which these changes were made."""
        self._origin = Origin(origin, changes)

    def marks(self, node: "Node", undone: str, head_id: str | None = None) -> None:
        """Remember what is noted of a message, before something else is; `undone` is said when that is undone. With
        `head_id`, where the path ends, before it turns elsewhere with the same deed."""
        self._deeds.append(_Marked(undone, node.id, node.marks, head_id))

    def turns(self, session: "Session", undone: str) -> None:
        """Remember where the path ends, before it turns elsewhere; of an empty conversation see `begins`."""
        if (head_id := session.conversation.head_id) is not None:
            self._deeds.append(_Turned(undone, head_id))

    def begins(self, node: "Node", undone: str) -> None:
        """Remember that a conversation began with this message, which nobody is asked to answer; to undo that deletes
        it."""
        self._deeds.append(_Begun(undone, node))

    def sends(self, session: "Session", *, replaces: bool) -> None:
        """Remember where the path ends, where a question replaces another. Else the conversation goes on from where it
        is, and no undo may take that out of sight: forget where the path ended before."""
        self._origin = None
        if replaces:
            self.turns(session, "You are back at the question before.")
        else:
            self._deeds = [deed for deed in self._deeds if isinstance(deed, _Marked)]

    def refuse_where_none(self) -> None:
        """Refuse to undo where nothing was done."""
        if not self._deeds:
            raise CommandRefused("Nothing was done to messages since your last question.")

    async def undo(self, session: "Session") -> str:
        """Put things back as they were before the last deed, and say so.

        Raises:
            CommandRefused: nothing was done.
        """
        self.refuse_where_none()
        match self._deeds.pop():
            case _Marked(undone, node_id, marks, head_id):
                await session.mark(node_id, marks)
                if head_id is not None:
                    await session.go_to(head_id)
            case _Turned(undone, head_id):
                await session.go_to(head_id)
            case _Begun(undone, node):
                await session.mark(node.id, replace(node.marks, is_deleted=True))
        return undone
