"""Keeps unsent text on disk, half a second behind the keys, each draft with its own conversation.

Nothing is written while nothing changes, nothing on the event loop until the program ends, and nothing at all of a
temporary conversation.
"""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from tui_chat.core.errors import FileError
from tui_chat.ui.chat_screen.editing import Editing
from tui_chat.ui.chat_screen.host import Host
from tui_chat.ui.chat_screen.stashing import Stash
from tui_chat.ui.composing.composer import Composer
from tui_chat.ui.composing.pasting import all_as_typed

if TYPE_CHECKING:  # files are looked at after the first frame
    from textual.timer import Timer

    from tui_chat.workspace.conversation import OpenConversation
    from tui_chat.workspace.draft_aside import DraftAside
    from tui_chat.workspace.drafts import DraftFiles, KeptDraft
    from tui_chat.workspace.followed import Followed

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
        self._make_files: Callable[[], DraftFiles] | None = None
        self._files: DraftFiles | None = None
        self._conversation: OpenConversation | None = None
        """The conversation whose draft is in the composer; None before the first one is open."""
        self._is_between = False
        """The previous conversation was left, and the next one is not open yet."""
        self._is_stored = False
        """The conversation itself is on disk."""
        self._in_memory: dict[str, KeptDraft] = {}
        """Drafts of temporary conversations that were let go of."""
        self._aside: dict[Followed, DraftAside] = {}
        """Drafts of open conversations that are out of sight."""
        self._timer: Timer | None = None
        self._number = 0
        self._written: KeptDraft | None = None
        self._has_failed = False

    async def begin(self, folder: Path) -> None:
        """Keep drafts in this folder from now on, also what was typed before; once is enough."""
        if self._files is not None:
            return
        from tui_chat.workspace.drafts import DraftFiles

        self._make_files = partial(DraftFiles, folder, f"{os.getpid()}x{time.time_ns()}")
        self._files = self._make_files()
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
        """Write every draft before this returns, and release them to the next run: the program ends."""
        self._stop_timer()
        aside, self._aside = tuple(self._aside.values()), {}
        for draft in aside:
            draft.end()
        files, self._files, self._make_files = self._files, None, None
        if files is None or self._is_between or self._is_temporary or not self._composer.is_mounted:
            return
        with suppress(FileError):  # there is nobody left to tell, and the file is as it was
            files.save(self._snapshot(), self._next_number())
        files.release()

    async def flush(self) -> None:
        """Have the draft on disk when this returns."""
        self._stop_timer()
        if self._files and not self._is_between and not self._is_temporary:
            await self._write(self._snapshot(), self._files, self._next_number())

    # Going from one conversation to another

    def leave(self, followed: "Followed") -> None:
        """Leave the draft with its conversation, and empty the composer."""
        from tui_chat.workspace.draft_aside import DraftAside

        self._stop_timer()
        draft, files = self._snapshot(), None if self._is_temporary else self._files
        self._aside[followed] = DraftAside(followed, draft, files, self._next_number)
        self._is_between = True
        self._composer.load_text("")
        self._composer.prompts.add("")
        self._written = None
        if files is not None and self._make_files is not None:
            self._files = self._make_files()

    async def put_away(self, followed: "Followed") -> bool:
        """Have the draft of a conversation out of sight on disk, as it is now; whether nothing of it would be lost if
        the conversation were let go of."""
        aside = self._aside.get(followed)
        if aside is None:
            return True
        try:
            await aside.write()
        except FileError as error:
            self._tell_failure(error)
        return aside.files is None or aside.is_safe

    def let_go(self, followed: "Followed") -> None:
        """Let go of the draft of a conversation that is open no more; it waits where it is."""
        aside = self._aside.pop(followed, None)
        if aside is None:
            return
        aside.release()
        if aside.files is None and followed.conversation.is_temporary:
            draft = aside.now
            self._in_memory[draft.conversation_id if followed.conversation.session.path else ""] = draft

    def changed_aside(self, followed: "Followed", *, is_stored: bool = False) -> None:
        """Save the draft of a conversation out of sight: what waits there has changed, or its question is saved."""
        aside = self._aside.get(followed)
        if aside is not None:
            aside.is_stored = aside.is_stored or is_stored
            if aside.files is not None:
                self._host.run_worker(self.put_away(followed), name="draft", group="draft")

    async def enter(self, followed: "Followed") -> None:
        """Bring back the draft of the conversation that is shown, before what was typed meanwhile."""
        conversation = followed.conversation
        is_first, self._conversation = self._conversation is None, conversation
        aside = self._aside.pop(followed, None)
        if aside is None:
            await self._enter_opened(conversation, is_first=is_first)
        else:
            draft = replace(aside.now, waiting=followed.take_returned(), replaces="")
            self._is_stored, self._files = aside.is_stored, aside.files or self._files
            self._is_between = False
            if any(draft.unsent):
                self._put(conversation, (draft,))
        self.changed()

    async def _enter_opened(self, conversation: "OpenConversation", *, is_first: bool) -> None:
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
        if draft != self._written and self._files is not None:
            writing = self._write(draft, self._files, self._next_number())
            self._host.run_worker(writing, name="draft", group="draft")

    async def _write(self, draft: "KeptDraft", files: "DraftFiles", number: int) -> None:
        """Write a draft of the conversation whose files these are, unless a newer one was written meanwhile."""
        if self._files is None:
            return  # the program ends, and has written it
        if files is self._files:
            self._written = draft
        try:
            await asyncio.to_thread(files.save, draft, number)
        except FileError as error:
            self._written = None
            self._tell_failure(error)
        else:
            self._has_failed = False

    def _tell_failure(self, error: FileError) -> None:
        if not self._has_failed:
            self._has_failed = True
            self._host.note(f"Your draft cannot be kept on disk. {error.failure.message}", severity="warning")
