"""Watches the conversation that is shown: hands its events to the parts that show them."""

from tui_chat.ui.chat_screen.drafting import Drafting
from tui_chat.ui.chat_screen.host import Host
from tui_chat.ui.chat_screen.results import Results
from tui_chat.ui.chat_screen.showing import Showing
from tui_chat.ui.chat_screen.sizing import Sizing
from tui_chat.ui.chat_screen.unsent import Unsent
from tui_chat.workspace.events import ConversationEvent, GivenBack, NotSent, OutboxChanged, QuestionSaved


class Watching:
    """Whoever watches the conversation of a chat screen."""

    def __init__(
        self, host: Host, showing: Showing, unsent: Unsent, results: Results, drafting: Drafting, sizing: Sizing
    ) -> None:
        self._host = host
        self._showing = showing
        self._unsent = unsent
        self._results = results
        self._drafting = drafting
        self._sizing = sizing

    def apply(self, event: ConversationEvent) -> None:
        """Show an event: of a message that is on its way, or of the conversation itself."""
        match event:
            case QuestionSaved() | NotSent() | OutboxChanged() | GivenBack():
                self._unsent.apply(event)
            case _:
                self._showing.apply(event)

    def rested(self) -> None:
        """Show that no further turn is due, and ask about the calls that wait."""
        self._showing.say_notices()
        self._showing.show_phase()
        self._drafting.settled()
        self._sizing.follow()
        if self._host.conversation.session.pending_calls:
            self._host.run_worker(self._results.ask(), group="pane")
