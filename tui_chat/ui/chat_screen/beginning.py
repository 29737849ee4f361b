"""Shows the first screen while a conversation is empty and nothing is written."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from tui_chat.core import figures
from tui_chat.core.errors import ChatError
from tui_chat.ui.chat_screen.composer_frame import ComposerFrame
from tui_chat.ui.chat_screen.host import Host
from tui_chat.ui.chat_screen.panes import Panes
from tui_chat.ui.commands.table import BY_ID
from tui_chat.ui.composing.composer import Composer

if TYPE_CHECKING:  # it is imported when the conversation is there
    from textual.widget import Widget

    from tui_chat.ui.chat_screen.first_screen import FirstScreen
    from tui_chat.workspace.command import Command


class Running(Protocol):
    """What sends a text and runs a command."""

    def ask(self, prompt: str) -> None: ...
    def execute(self, command: "Command", arguments: str) -> None: ...


class BeginningHost(Host, Protocol):
    """The screen, as far as its first screen goes."""

    @property
    def composer(self) -> Composer: ...
    @property
    def dispatch(self) -> Running: ...
    @property
    def transcript(self) -> "Widget": ...
    @property
    def frame(self) -> ComposerFrame: ...
    @property
    def panes(self) -> Panes: ...


class Beginning:
    """The first screen of a chat screen."""

    def __init__(self, host: BeginningHost, mount: "Callable[[Widget], Awaitable[None]]") -> None:
        """`mount` puts it beside the transcript, whose place it takes."""
        self._host = host
        self._mount = mount
        self._shown: FirstScreen | None = None

    async def show(self) -> None:
        """Offer what this conversation can begin with; nothing where it has begun."""
        from tui_chat.ui.chat_screen.first_screen import MOST_RECENT, FirstScreen, begin_lines, recent_lines

        before, self._shown = self._shown, None
        if before is not None:
            await before.remove()
        conversation = self._host.conversation
        if conversation.session.path:
            self._host.transcript.display = True
            self._host.frame.draw_keys()
            return
        services = conversation.services
        shown = self._shown = FirstScreen(services.gateway)
        await self._mount(shown)
        self.follow()
        try:
            summaries = await services.store.list(MOST_RECENT + 1)
        except ChatError:
            summaries = ()  # /resume says what is wrong with the store
        if shown is not self._shown:
            return
        now = services.clock.now()
        last = summaries[0] if summaries else None
        lines = begin_lines(
            services.gateway,
            ask=self._ask,
            run=self._run,
            last=last,
            age=figures.age(now - last.updated_at) if last else "",
        )
        shown.offer([*lines, *recent_lines(summaries[1:], now, self._run)])
        self._host.frame.draw_keys()

    def _ask(self, model: str, question: str) -> None:
        self._run("model", model)
        self._host.dispatch.ask(question)

    def _run(self, id_: str, arguments: str = "") -> None:
        self._host.dispatch.execute(BY_ID[id_], arguments)

    def follow(self) -> None:
        """Go while something is written, and for good once the conversation has begun."""
        if self._shown is None:
            return
        is_begun = self._host.conversation.is_open and bool(self._host.conversation.session.path)
        if is_begun or self._host.conversation.is_answering:
            self._shown.remove()
            self._shown = None
            self._host.transcript.display = True
        else:
            is_blank, transcript = self._host.composer.is_blank, self._host.transcript
            if self._shown.display is is_blank and transcript.display is not is_blank:
                return
            self._shown.display, transcript.display = is_blank, not is_blank
        self._host.frame.draw_keys()

    def take_key(self, key: str) -> bool:
        """Take a key of the empty composer; True where it did something here."""
        shown = self._in_sight
        is_taken = shown is not None and self._host.composer.is_blank and shown.take_key(key)
        if is_taken:
            self._host.frame.draw_keys()
        return is_taken

    @property
    def verb(self) -> str:
        """What Enter does on the marked line; empty where the first screen is not in sight."""
        shown = self._in_sight
        return shown.verb if shown is not None and shown.display else ""

    @property
    def has_more_lines(self) -> bool:
        """There is a line below the marked one."""
        shown = self._in_sight
        return shown is not None and shown.has_more_lines

    @property
    def _in_sight(self) -> "FirstScreen | None":
        """The first screen, unless a pane covers it."""
        return None if self._host.panes.is_covering else self._shown
