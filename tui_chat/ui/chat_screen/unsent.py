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
        self._refused = ""
        """The message that came back last, as long as no other was sent."""

    def apply(self, event: QuestionSaved | NotSent | OutboxChanged | GivenBack) -> None:
        """Put text back where it was written, and have the draft hold what is on no disk yet."""
        match event:
            case QuestionSaved():
                self._refused = ""
                self._drafting.question_saved()
            case NotSent(text, failure):
                self._refused = text
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
                self._give_back(messages)

    def _give_back(self, messages: tuple[str, ...]) -> None:
        """Put messages back in their order: behind the one that was refused just now, before what was written since."""
        refused, self._refused = self._refused, ""
        text = self._composer.text
        if refused and text.startswith(refused):
            behind = text.removeprefix(refused).strip("\n")
            self._composer.put("\n\n".join(filter(None, (refused, *messages, behind))))
        else:
            self._composer.give_back("\n\n".join(messages))
