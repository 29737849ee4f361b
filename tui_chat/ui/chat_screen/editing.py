"""Asks a question differently: it is taken into the composer, and what is sent next takes its place in the tree."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the screen owns this
    from tui_chat.core.tree import Node
    from tui_chat.ui.chat_screen.screen import ChatScreen


class Editing:
    """The question of a chat screen that is being edited."""

    def __init__(self, chat: "ChatScreen") -> None:
        self._chat = chat
        self._question: Node | None = None

    @property
    def question(self) -> "Node | None":
        """The question that the next message takes the place of; None where that is a new one."""
        return self._question

    def begin(self, question: "Node") -> None:
        """Take a question into the composer; what stood there is stashed."""
        composer = self._chat.composer
        if composer.text.strip():
            self._chat.run_worker(self._chat.stash.push(composer.draft.pieces), group="draft")
        composer.put(question.message.text)
        composer.focus()
        self.go_on(question)

    def go_on(self, question: "Node") -> None:
        """What stands in the composer takes the place of this question."""
        self._follow(question, "editing the last question: Esc keeps it")

    def end(self) -> None:
        """What is sent next is a new question again; the text stays."""
        self._follow(None, "")

    def _follow(self, question: "Node | None", hint: str) -> None:
        self._question = question
        self._chat.composer.say_above(hint)
        self._chat.attaching.follow()
