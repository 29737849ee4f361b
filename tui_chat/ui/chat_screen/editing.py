"""Edits a question: it is taken into the composer, and the next message takes its place in the tree."""

from tui_chat.core.tree import Node
from tui_chat.ui.chat_screen.attaching import Attaching
from tui_chat.ui.chat_screen.host import Host
from tui_chat.ui.chat_screen.stashing import Stash
from tui_chat.ui.composing.composer import Composer


class Editing:
    """Shows that a question is being edited."""

    def __init__(self, host: Host, composer: Composer, stash: Stash, attaching: Attaching, *, cancel_key: str) -> None:
        """`cancel_key` ends the edit; empty where no key does."""
        self._host = host
        self._composer = composer
        self._stash = stash
        self._attaching = attaching
        self._note = "editing a question" + (f": {cancel_key} cancels" if cancel_key else "")

    def begin(self, question: Node) -> None:
        """Take a question into the composer; the text that was there is stashed."""
        composer = self._composer
        if composer.text.strip():
            self._host.run_worker(self._stash.push(composer.draft.pieces), group="draft")
        composer.put(question.message.text)
        composer.focus()
        self._host.conversation.edit(question)
        self.show()

    def end(self) -> None:
        """Let the next message be a new question again; the text stays."""
        self._host.conversation.end_edit()
        self.show()

    def show(self) -> None:
        """Say above the composer whether a question is being edited."""
        is_edit = self._host.conversation.editing is not None
        self._composer.say_above(self._note if is_edit else "")
        self._attaching.follow()
