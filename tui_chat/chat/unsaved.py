"""What is not on disk: the one place that knows it, for all conversations of this run.

A conversation that was left behind may still be waiting for room on the disk, so this belongs to the services and not
to a conversation. That something could not be saved is said once, until all of it is.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

import msgspec

from tui_chat.core.errors import NOT_SAVED, Failure
from tui_chat.core.tree import Conversation, Node


class Owing(Protocol):
    """A conversation of which something is not on disk."""

    async def save_again(self) -> None:
        """Try once more, and report the outcome to `Unsaved`."""
        ...

    def whole(self) -> tuple[Conversation, Sequence[Node]]:
        """All of it, as it is in memory."""
        ...


class Unsaved:
    """The conversations that owe something to the disk."""

    def __init__(self) -> None:
        self._owing: list[Owing] = []
        self._failure: Failure | None = None
        self._unsaid: Failure | None = None
        self._told: list[Failure] = []
        self._begin: Callable[[], object] | None = None
        self._over = asyncio.Event()

    @property
    def failure(self) -> Failure | None:
        """Why the last try failed; None where everything is on disk."""
        return self._failure

    @property
    def owing(self) -> tuple[Owing, ...]:
        """The conversations, the one that has waited longest first."""
        return tuple(self._owing)

    def failed(self, conversation: Owing, failure: Failure) -> None:
        """Note that a conversation could not be saved."""
        failure = msgspec.structs.replace(failure, code=NOT_SAVED)
        if self._failure is None:
            self._unsaid = failure
        if conversation not in self._owing:
            self._owing.append(conversation)
        is_first, self._failure = self._failure is None, failure
        self._over.clear()
        if is_first and self._begin is not None:
            self._begin()

    def say(self, failure: Failure) -> None:
        """Let the person be told of what happened to a conversation, which is saved."""
        self._told.append(failure)
        if self._failure is None and self._begin is not None:
            self._begin()

    def saved(self, conversation: Owing) -> None:
        """Note that nothing of a conversation is owed any more."""
        if conversation in self._owing:
            self._owing.remove(conversation)
            if not self._owing:
                self._failure = None
                self._over.set()

    def take_unsaid(self) -> Failure | None:
        """Take a failure that nobody was told of yet; it may be over."""
        unsaid, self._unsaid = self._unsaid, None
        return unsaid or (self._told.pop(0) if self._told else None)

    def when_owed(self, begin: Callable[[], object]) -> None:
        """Call this whenever something is owed from then on, and at once where something is."""
        self._begin = begin
        if self._failure is not None:
            begin()

    async def over(self, within_s: float) -> None:
        """Wait until nothing is owed any more, for so long at most."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), within_s)

    async def save_again(self) -> None:
        """Try to save everything once more."""
        for conversation in self.owing:
            await conversation.save_again()
