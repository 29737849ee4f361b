"""What a person does with saved conversations, the open one among them: name, label, archive, delete, bring back.

The open conversation is changed through its session, which would else write back what it knows; all others through the
store alone. What is deleted is out of sight at once and brought back by undoing, until the program ends.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from tui_chat.chat.ports import ConversationSummary
from tui_chat.chat.titles import cost_of_titles
from tui_chat.core.figures import counted
from tui_chat.core.filed import Filed
from tui_chat.core.marks import LONGEST_LABEL, MOST_LABELS
from tui_chat.core.sanitize import sanitize_line, without_harmful, without_surrogates
from tui_chat.core.tree import Tree
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:  # nothing before a screen's first frame needs a session
    from tui_chat.chat.ports import Store
    from tui_chat.workspace.conversation import OpenConversation
    from tui_chat.workspace.open_conversations import OpenConversations
    from tui_chat.workspace.verbs import Export

LONGEST_TITLE: Final = 200
UNTITLED: Final = "(no title)"


class Conversations:
    """All saved conversations of this run."""

    def __init__(
        self, opened: "Callable[[], OpenConversation]", out_of_sight: "OpenConversations | None" = None
    ) -> None:
        """`opened` gives the one that is open now, `out_of_sight` has others that are open, where there may be any."""
        self._opened = opened
        self._out_of_sight = out_of_sight
        self._deleted: list[tuple[ConversationSummary, ...]] = []
        """What this run has deleted, as it was deleted together, the last at the end."""
        self._archived_id = ""
        """Id of the open conversation, where it is in the archive."""

    @property
    def store(self) -> "Store":
        """Where they are kept."""
        return self._opened().services.store

    @property
    def can_bring_back(self) -> bool:
        """This run has deleted something."""
        return bool(self._deleted)

    def is_open(self, conversation_id: str) -> bool:
        """This is the conversation that is open."""
        opened = self._opened()
        return opened.is_open and opened.session.conversation.id == conversation_id

    def is_answering(self, conversation_id: str) -> bool:
        """An answer is being written in it."""
        found = self._find(conversation_id)
        return found is not None and found.is_answering

    def _find(self, conversation_id: str) -> "OpenConversation | None":
        """It, where it is open, in sight or not."""
        if self.is_open(conversation_id):
            return self._opened()
        followed = self._out_of_sight.find(conversation_id) if self._out_of_sight is not None else None
        return followed.conversation if followed is not None else None

    def _see_filed(self, conversation_id: str, filed: Filed) -> None:
        if (found := self._find(conversation_id)) is not None:
            found.session.held.see_filed(filed)

    # The archive

    @property
    def is_archived(self) -> bool:
        """The open conversation is in the archive, as far as that was looked up."""
        return bool(self._archived_id) and self.is_open(self._archived_id)

    async def look_up(self) -> bool:
        """Find out what another program may have done to the open conversation: its title, whether it is in the
        archive, messages and marks. Whether there were any of the last two.

        Raises:
            StoreError: it cannot be read.
        """
        conversation = self._opened()
        opened = conversation.session
        title = opened.conversation.title
        row = await self.store.summary(opened.conversation.id) if opened.path and not opened.is_temporary else None
        self._archived_id = row.id if row is not None and row.is_archived else ""
        if row is None:
            return False
        opened.held.see_filed(row.filed)
        if opened.conversation.title == title:
            opened.held.see_title(row.title)
        from tui_chat.workspace.added_elsewhere import take_added  # the first frame does without

        return await take_added(conversation)

    async def toggle_archived(self) -> str:
        """Archive the open conversation, or bring it back; what was done, in words."""
        session = self._opened().session
        row = None if session.is_temporary else await self.store.summary(session.conversation.id)
        if row is None and session.path and not session.is_temporary:
            await session.go_to(session.conversation.head_id)  # saving brings back what another program has deleted
            row = await self.store.summary(session.conversation.id)
        if row is None:
            raise CommandRefused("Nothing of this conversation is saved yet.")
        words = await self.set_archived([row], not row.is_archived)
        return words if row.is_archived else f"{words} /archive brings it back."

    async def set_archived(self, rows: Sequence[ConversationSummary], archived: bool) -> str:
        """Put conversations into the archive, or take them out."""
        for row in rows:
            await self.store.set_archived(row.id, archived)
            self._see_filed(row.id, Filed(row.labels, archived))
            if self.is_open(row.id):
                self._archived_id = row.id if archived else ""
        return f"Archived {_named(rows)}." if archived else brought_back_words(rows)

    # Names and labels

    async def rename(self, conversation_id: str, title: str) -> str:
        """Give a conversation the title that the person wants; an empty one is refused."""
        title = " ".join(without_harmful(" ".join(title.split())).split())[:LONGEST_TITLE]
        if not title:
            raise CommandRefused("A name has at least one letter.")
        if (found := self._find(conversation_id)) is not None:
            await found.session.rename(title)
        else:
            await self.store.rename(conversation_id, title)
        return f"Renamed: {sanitize_line(title, 80)}"

    async def labels(self) -> tuple[str, ...]:
        """Every label that is in use."""
        return await self.store.labels()

    async def label(self, rows: Sequence[ConversationSummary], text: str) -> str:
        """Give conversations the labels of a text, in the place of those that all of them had."""
        wanted = labels_in(text)
        replaced = set(common_labels(rows)).difference(wanted)
        for row in rows:
            kept = [label for label in row.labels if label not in replaced]
            labels = tuple(dict.fromkeys((*kept, *wanted)))[:MOST_LABELS]
            await self.store.set_labels(row.id, labels)
            self._see_filed(row.id, Filed(labels, row.is_archived))
        words = " ".join(f"#{sanitize_line(label, LONGEST_LABEL)}" for label in wanted)
        return f"Labelled {_named(rows)}: {words}." if words else f"Took the labels from {_named(rows)}."

    # Deleting

    async def delete(self, rows: Sequence[ConversationSummary], *, undo: str = "u") -> str:
        """Delete conversations; they can be brought back until the program ends, by what is called `undo` there. None
        of them is in sight; one that is open out of sight is stopped."""
        for row in rows:
            if self._out_of_sight is not None:
                await self._out_of_sight.drop(row.id)
            await self.store.hide(row.id)
        self._deleted.append(tuple(rows))
        return f"Deleted {_named(rows)}. {undo} brings {'it' if len(rows) == 1 else 'them'} back until you quit."

    async def bring_back(self) -> tuple[ConversationSummary, ...]:
        """Bring back what was deleted last, and return it."""
        if not self._deleted:
            raise CommandRefused("Nothing was deleted in this run.")
        rows = self._deleted[-1]
        for row in rows:
            await self.store.bring_back(row.id)
        return self._deleted.pop()

    # Files

    async def export(self, conversation_id: str) -> "Export":
        """Write a conversation as Markdown, for a file named after it."""
        from tui_chat.transcripts.exporting import document, file_for  # the first frame does without
        from tui_chat.workspace.verbs import Export

        conversation, nodes = await self.store.load(conversation_id)
        titles = await cost_of_titles(self.store, conversation.id)
        text = await asyncio.to_thread(document, "markdown", conversation, Tree(nodes), titles)
        return Export(file_for("", "markdown", conversation), text)


def title_of(row: ConversationSummary, limit: int = LONGEST_TITLE) -> str:
    """The title for a screen; words where there is none."""
    return sanitize_line(row.title, limit) or UNTITLED


def labels_in(text: str) -> tuple[str, ...]:
    """The labels that were typed: `#work home`, or with commas where they have blanks."""
    pieces = text.split(",") if "," in text else text.split()
    found = (" ".join(without_surrogates(piece).replace("#", " ").split())[:LONGEST_LABEL] for piece in pieces)
    return tuple(dict.fromkeys(label for label in found if label))[:MOST_LABELS]


def labels_text(labels: Sequence[str]) -> str:
    """Labels as they are typed."""
    if any(" " in label for label in labels):
        return "".join(f"{label}, " for label in labels)
    return " ".join(f"#{label}" for label in labels)


def common_labels(rows: Sequence[ConversationSummary]) -> tuple[str, ...]:
    """The labels that all of these have."""
    shared = set.intersection(*(set(row.labels) for row in rows)) if rows else set[str]()
    return tuple(sorted(shared))


def deleting_words(rows: Sequence[ConversationSummary]) -> str:
    """What deleting several conversations takes away, and what it does not."""
    first = [title_of(row, 56 if len(rows) == 1 else 26) for row in rows[:2]]
    more = len(rows) - len(first)
    names = ", ".join(f"“{title}”" for title in first) + (f", and {more} more" if more else "")
    messages = counted(sum(row.messages for row in rows), "message")
    back = "it" if len(rows) == 1 else "them"
    return f"{names}: {messages}.\nWhat was paid stays in Usage. u brings {back} back until you quit."


def brought_back_words(rows: Sequence[ConversationSummary]) -> str:
    """What is said of conversations that are in sight again."""
    return f"Brought back {_named(rows)}."


def _named(rows: Sequence[ConversationSummary]) -> str:
    return f"“{title_of(rows[0], 30)}”" if len(rows) == 1 else counted(len(rows), "conversation")
