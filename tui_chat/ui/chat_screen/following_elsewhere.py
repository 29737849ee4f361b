"""Lets the answer in sight grow that another program is writing, and says how it ended."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from tui_chat.core.errors import ChatError
from tui_chat.ui.chat_screen.host import Host
from tui_chat.workspace.elsewhere import WORDS, catch_up, grown, written_elsewhere

if TYPE_CHECKING:
    from tui_chat.chat.session import Session
    from tui_chat.core.tree import Node
    from tui_chat.ui.transcript.view import TranscriptView

LOOKS_EVERY_S: Final = 0.5


class Ending(Protocol):
    """What shows the conversation."""

    def end_elsewhere(self) -> None:
        """Show what has become of the answer."""
        ...


class FollowingElsewhere:
    """What a chat screen reads again of the conversation in sight."""

    def __init__(self, host: Host, showing: Ending, transcript: "Callable[[], TranscriptView]") -> None:
        """The transcript is there after the first frame; it shows what had come as the conversation was shown."""
        self._host = host
        self._showing = showing
        self._transcript = transcript

    def begin(self) -> None:
        """Follow the answer at the end, where another program is writing it, for as long as it is in sight."""
        conversation = self._host.conversation
        if conversation.is_answering or (node := written_elsewhere(conversation.session)) is None:
            return
        self._host.note(WORDS)
        work = self._follow(conversation.session, node)
        self._host.run_worker(work, name="following elsewhere", group="following elsewhere", exclusive=True)

    async def _follow(self, session: "Session", shown: "Node") -> None:
        while True:
            await asyncio.sleep(LOOKS_EVERY_S)
            if not self._is_in_sight(session, shown):
                return
            with suppress(ChatError):  # whoever saves next is told what is wrong with the file
                await catch_up(session)
            if not self._is_in_sight(session, shown):
                return
            if (now := written_elsewhere(session)) is None:
                self._showing.end_elsewhere()
                return
            for event in grown(now, shown):
                self._transcript().apply(event)
            shown = now

    def _is_in_sight(self, session: "Session", node: "Node") -> bool:
        path = session.path
        return self._host.conversation.session is session and bool(path) and path[-1].id == node.id
