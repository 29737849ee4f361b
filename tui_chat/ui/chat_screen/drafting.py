"""Keeps what is written and not sent: on disk a second behind the keys, each draft with its own conversation.

Nothing is written while nothing changes, nothing on the event loop until the program ends, and nothing at all of a
temporary conversation.
"""

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tui_chat.ui.composing.pasting import as_typed

if TYPE_CHECKING:  # the screen owns this; files are looked at after the first frame
    from textual.timer import Timer

    from tui_chat.chat.session import Session
    from tui_chat.ui.chat_screen.screen import ChatScreen
    from tui_chat.workspace.drafts import DraftFiles, KeptDraft

SAVE_AFTER_S = 0.5


class Drafting:
    """The drafts of a chat screen."""

    def __init__(self, chat: "ChatScreen") -> None:
        self._chat = chat
        self._files: DraftFiles | None = None
        self._session: Session | None = None
        """Whose draft is in the composer; None before the first conversation is open."""
        self._is_between = False
        """One conversation was left and the next is not open yet."""
        self._is_stored = False
        """The conversation itself is on disk."""
        self._sending = ""
        """A message that left the composer and is not on disk as a question yet."""
        self._in_memory: dict[str, KeptDraft] = {}
        """Drafts of temporary conversations."""
        self._timer: Timer | None = None
        self._number = 0
        self._written: KeptDraft | None = None
        self._has_failed = False

    async def begin(self, folder: Path) -> None:
        """Keep drafts in this folder from now on, also what was typed before; once is enough."""
        if self._files is not None:
            return
        from tui_chat.workspace.drafts import DraftFiles

        self._files = DraftFiles(folder, f"{os.getpid()}x{time.time_ns()}")
        if not self._is_temporary:
            await asyncio.to_thread(self._files.prune)
            self.changed()

    @property
    def _is_temporary(self) -> bool:
        return self._session.is_temporary if self._session else self._chat.chat_app.is_temporary

    def changed(self) -> None:
        """What is written, or what waits, has changed."""
        if self._files and self._timer is None and not self._is_between and not self._is_temporary:
            self._timer = self._chat.set_timer(SAVE_AFTER_S, self._save_soon)

    def sending(self, message: str) -> None:
        """A message is on its way: it stays in the draft until its question is on disk."""
        self._sending = message

    def sent(self, *, is_stored: bool) -> None:
        """The message is a question now, or went back to the composer."""
        self._sending = ""
        self._is_stored = self._is_stored or is_stored
        if self._files and not self._is_between and not self._is_temporary:
            self._save_soon()

    def kept(self) -> None:
        """A temporary conversation is on disk from now on."""
        self._is_stored = True
        self.changed()

    def end(self) -> None:
        """Write the draft before this returns, and leave it to whoever comes next: the program ends."""
        self._stop_timer()
        files, self._files = self._files, None
        if files is None or self._is_between or self._is_temporary or not self._chat.is_mounted:
            return
        with suppress(OSError):  # there is nobody left to tell, and the file is as it was
            files.save(self._snapshot(), self._next_number())
        files.release()

    async def flush(self) -> None:
        """Have the draft on disk when this returns."""
        self._stop_timer()
        if self._files and not self._is_between and not self._is_temporary:
            await self._write(self._snapshot())

    # Going from one conversation to another

    async def leave(self) -> None:
        """The draft stays with the conversation that is left; the composer is empty behind it."""
        self._stop_timer()
        if self._session is None:
            return  # what was typed before the first conversation belongs to that one
        draft, is_temporary = self._snapshot(), self._is_temporary
        self._is_between = True
        self._chat.composer.load_text("")
        self._chat.composer.prompts.add("")
        if is_temporary:
            self._in_memory[draft.conversation_id if self._session.path else ""] = draft
        elif self._files:
            await self._write(draft)
            self._files.release()
        self._written = None

    async def enter(self, session: "Session") -> None:
        """Bring back what was written in the conversation that is opened, before what was typed meanwhile."""
        is_first = self._session is None
        self._session = session
        self._is_stored = bool(session.path) and not session.is_temporary
        older: tuple[KeptDraft, ...] = ()
        if session.is_temporary:
            found = self._in_memory.pop(session.conversation.id if session.path else "", None)
            drafts: tuple[KeptDraft, ...] = (found,) if found else ()
        else:
            drafts = await self._take(session)
            if not session.path:
                older, drafts = drafts[:-1], drafts[-1:]
        for draft in older:
            await self._chat.stash.push(draft.unsent)
        self._is_between = False
        if drafts:
            self._put(drafts)
            if is_first:
                self._say(drafts[-1], len(older))
        self.changed()

    async def _take(self, session: "Session") -> "tuple[KeptDraft, ...]":
        files = self._files
        if files is None:
            return ()
        try:
            if session.path:
                return await asyncio.to_thread(files.take, session.conversation.id)
            return await asyncio.to_thread(files.take_new)
        except OSError:
            return ()  # a folder that cannot be read holds nothing of ours

    def _put(self, drafts: "tuple[KeptDraft, ...]") -> None:
        from tui_chat.workspace.pieces import joined

        composer, newest = self._chat.composer, drafts[-1]
        typed = composer.draft.pieces
        question = self._session.tree.get(newest.replaces) if self._session and newest.replaces else None
        if question is not None:
            composer.load_text("")
            self._chat.editing.begin(question)
        pieces = joined((*(clean(draft.unsent) for draft in drafts), typed))
        composer.load_text(composer.chips.join(pieces))  # undo leads no further back
        composer.move_cursor(composer.document.end)

    def _say(self, draft: "KeptDraft", stashed: int) -> None:
        words = "What you had written and not sent is back."
        if draft.waiting:
            words += " Nothing that waited was sent."
        if stashed:
            words += f" {stashed} more {'is' if stashed == 1 else 'are'} stashed: /pop."
        self._chat.toast(words, timeout=8)

    # Writing

    def _snapshot(self) -> "KeptDraft":
        from tui_chat.workspace.drafts import KeptDraft

        chat = self._chat
        return KeptDraft(
            conversation_id=self._session.conversation.id if self._session else "",
            pieces=chat.composer.draft.pieces,
            waiting=(*((self._sending,) if self._sending else ()), *chat.queueing.messages),
            is_saved=self._is_stored,
            replaces=chat.editing.question.id if chat.editing.question else "",
        )

    def _next_number(self) -> int:
        self._number += 1
        return self._number

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _save_soon(self) -> None:
        self._stop_timer()
        draft = self._snapshot()
        if draft != self._written:
            self._chat.run_worker(self._write(draft), name="draft", group="draft")

    async def _write(self, draft: "KeptDraft") -> None:
        files = self._files
        if files is None:
            return  # the program ends, and has written it
        self._written = draft
        try:
            await asyncio.to_thread(files.save, draft, self._next_number())
        except OSError as error:
            self._written = None
            if not self._has_failed:
                self._has_failed = True
                self._chat.toast(f"What you write cannot be kept on disk: {error.strerror}.", severity="warning")
        else:
            self._has_failed = False


def clean(pieces: tuple[str, ...]) -> tuple[str, ...]:
    """Pieces from a file without what nobody can type."""
    return tuple(map(as_typed, pieces))
