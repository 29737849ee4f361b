"""Shows what became of a message that was given to the conversation: it is saved, or the person's again."""

from tui_chat.core.errors import ErrorKind
from tui_chat.ui.chat_screen.drafting import Drafting
from tui_chat.ui.chat_screen.editing import Editing
from tui_chat.ui.chat_screen.queueing import Queueing
from tui_chat.ui.commands.context import CommandContext
from tui_chat.ui.composing.composer import Composer
from tui_chat.workspace.events import GivenBack, NotSent, OutboxChanged, QuestionSaved


class Unsent:
    """The messages of a chat screen that are on their way."""

    def __init__(
        self, host: CommandContext, composer: Composer, drafting: Drafting, queueing: Queueing, editing: Editing
    ) -> None:
        self._host = host
        self._composer = composer
        self._drafting = drafting
        self._queueing = queueing
        self._editing = editing

    def apply(self, event: QuestionSaved | NotSent | OutboxChanged | GivenBack) -> None:
        """Put text back where it was written, and have the draft hold what is on no disk yet."""
        match event:
            case QuestionSaved():
                self._drafting.question_saved()
            case NotSent(text, failure):
                self._composer.give_back(text)
                self._drafting.settled()
                self._editing.show()
                if failure is None:
                    return
                if failure.kind is ErrorKind.BUDGET:
                    from tui_chat.ui.commands.actions import budget  # only where a question is not sent

                    self._host.dispatch.run(budget.over(self._host, text, failure), "budget")
                else:
                    self._host.tell(failure)
            case OutboxChanged():
                self._queueing.show()
                self._drafting.changed()
            case GivenBack(messages):
                self._host.note("The queued messages are back in the composer; none was sent.")
                self._queueing.show()
                self._composer.give_back("\n\n".join(messages))
