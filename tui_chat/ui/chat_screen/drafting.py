"""Keeps unsent text on disk, half a second behind the keys, each draft with its own conversation.

Nothing is written while nothing changes, nothing on the event loop until the program ends, and nothing at all of a
temporary conversation.
"""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tui_chat.core.errors import FileError
from tui_chat.ui.chat_screen.editing import Editing
from tui_chat.ui.chat_screen.host import Host
from tui_chat.ui.chat_screen.stashing import Stash
from tui_chat.ui.composing.composer import Composer
from tui_chat.ui.composing.pasting import all_as_typed

if TYPE_CHECKING:  # files are looked at after the first frame
    from textual.timer import Timer

    from tui_chat.workspace.conversation import OpenConversation
    from tui_chat.workspace.drafts import DraftFiles, KeptDraft

SAVE_AFTER_S = 0.5


class TimedHost(Host, Protocol):
    """The screen with its timers."""

    def set_timer(self, delay: float, callback: Callable[[], object] | None = None) -> "Timer":
        """Call this later, unless the timer is stopped."""
        ...


class Drafting:
    """The drafts of a chat screen."""

    def __init__(self, host: TimedHost, composer: Composer, stash: Stash, editing: Editing) -> None:
        self._host = host
        self._composer = composer
        self._stash = stash
        self._editing = editing
        self._files: DraftFiles | None = None
        self._conversation: OpenConversation | None = None
        """The conversation whose draft is in the composer; None before the first one is open."""
        self._is_between = False
        """The previous conversation was left, and the next one is not open yet."""
        self._is_stored = False
        """The conversation itself is on disk."""
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
        return (self._conversation or self._host.conversation).is_temporary

    def changed(self) -> None:
        """Save soon: the draft or the outbox has changed."""
        if self._files and self._timer is None and not self._is_between and not self._is_temporary:
            self._timer = self._host.set_timer(SAVE_AFTER_S, self._save_soon)

    def question_saved(self) -> None:
        """Drop the message from the draft: it is saved as a question."""
        self._is_stored = True
        self.settled()

    def settled(self) -> None:
        """Save the draft: the pending message is a question, or went back to the composer."""
        if self._files and not self._is_between and not self._is_temporary:
            self._save_soon()

    def kept(self) -> None:
        """Take note that a temporary conversation is on disk from now on."""
        self._is_stored = True
        self.changed()

    def end(self) -> None:
        """Write the draft before this returns, and release it to the next run: the program ends."""
        self._stop_timer()
        files, self._files = self._files, None
        if files is None or self._is_between or self._is_temporary or not self._composer.is_mounted:
            return
        with suppress(FileError):  # there is nobody left to tell, and the file is as it was
            files.save(self._snapshot(), self._next_number())
        files.release()

    async def flush(self) -> None:
        """Have the draft on disk when this returns."""
        self._stop_timer()
        if self._files and not self._is_between and not self._is_temporary:
            await self._write(self._snapshot())

    # Going from one conversation to another

    async def leave(self) -> None:
        """Leave the draft with its conversation, and empty the composer."""
        self._stop_timer()
        conversation = self._conversation
        if conversation is None:
            return  # what was typed before the first conversation belongs to that one
        draft, is_temporary = self._snapshot(), self._is_temporary
        self._is_between = True
        self._composer.load_text("")
        self._composer.prompts.add("")
        if is_temporary:
            self._in_memory[draft.conversation_id if conversation.session.path else ""] = draft
        elif self._files:
            await self._write(draft)
            self._files.release()
        self._written = None

    async def enter(self, conversation: "OpenConversation") -> None:
        """Bring back the draft of the conversation that is opened, before what was typed meanwhile."""
        is_first = self._conversation is None
        self._conversation = conversation
        has_path = bool(conversation.session.path)
        self._is_stored = has_path and not conversation.is_temporary
        older: tuple[KeptDraft, ...] = ()
        if conversation.is_temporary:
            found = self._in_memory.pop(conversation.session.conversation.id if has_path else "", None)
            drafts: tuple[KeptDraft, ...] = (found,) if found else ()
        else:
            drafts = await self._take(conversation)
            if not has_path:
                older, drafts = drafts[:-1], drafts[-1:]
        for draft in older:
            await self._stash.push(draft.unsent)
        self._is_between = False
        if drafts:
            self._put(conversation, drafts)
            if is_first:
                self._say(drafts[-1], len(older))
        self.changed()

    async def _take(self, conversation: "OpenConversation") -> "tuple[KeptDraft, ...]":
        files, session = self._files, conversation.session
        if files is None:
            return ()
        try:
            if session.path:
                return await asyncio.to_thread(files.take, session.conversation.id)
            return await asyncio.to_thread(files.take_new)
        except FileError:
            return ()  # a folder that cannot be read holds nothing of ours

    def _put(self, conversation: "OpenConversation", drafts: "tuple[KeptDraft, ...]") -> None:
        from tui_chat.workspace.pieces import joined

        composer, newest = self._composer, drafts[-1]
        typed = composer.draft.pieces
        question = conversation.session.tree.get(newest.replaces) if newest.replaces else None
        if question is not None:
            composer.load_text("")
            self._editing.begin(question)
        pieces = joined((*(all_as_typed(draft.unsent) for draft in drafts), typed))
        composer.load_text(composer.chips.join(pieces))  # undo leads no further back
        composer.move_cursor(composer.document.end)

    def _say(self, draft: "KeptDraft", stashed: int) -> None:
        words = "Your unsent draft is back."
        if draft.waiting:
            words += " Queued messages were not sent."
        if stashed:
            words += f" {stashed} more {'is' if stashed == 1 else 'are'} stashed: /pop."
        self._host.note(words, timeout=8)

    # Writing

    def _snapshot(self) -> "KeptDraft":
        from tui_chat.workspace.drafts import KeptDraft

        conversation, written = self._host.conversation, self._conversation
        unsaved = (conversation.unsaved,) if conversation.unsaved else ()
        return KeptDraft(
            conversation_id=written.session.conversation.id if written else "",
            pieces=self._composer.draft.pieces,
            waiting=(*unsaved, *conversation.outbox.messages),
            is_saved=self._is_stored,
            replaces=conversation.editing.id if conversation.editing else "",
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
            self._host.run_worker(self._write(draft), name="draft", group="draft")

    async def _write(self, draft: "KeptDraft") -> None:
        files = self._files
        if files is None:
            return  # the program ends, and has written it
        self._written = draft
        try:
            await asyncio.to_thread(files.save, draft, self._next_number())
        except FileError as error:
            self._written = None
            if not self._has_failed:
                self._has_failed = True
                self._host.note(f"Your draft cannot be kept on disk. {error.failure.message}", severity="warning")
        else:
            self._has_failed = False
