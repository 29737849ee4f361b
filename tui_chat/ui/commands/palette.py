"""The command palette's source: every command that can be run without its words having been typed."""

from functools import partial
from typing import ClassVar

from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.worker import ResultType, Worker, WorkType

from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.commands.table import BY_ID, COMMANDS
from tui_chat.ui.keys.command import Command, first_label
from tui_chat.ui.keys.pane_keys import bound


class Palette(CommandPalette):
    """Textual's, which in 8.2.8 ends the program where keys are read in one go: Esc with the key that opens it, since
    what fills its list then finds no list, and Enter twice, since it then goes away twice."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("leave", "escape", priority=True)]

    _is_answered = False

    def dismiss(self, result: object = None) -> AwaitComplete:  # noqa: ARG002 - it has none
        """Go away, once: see `Dialog`."""
        if self._is_answered:
            return AwaitComplete()
        self._is_answered = True
        return super().dismiss(None)

    def run_worker(
        self,
        work: WorkType[ResultType],
        name: str | None = "",
        group: str = "default",
        description: str = "",
        exit_on_error: bool = True,  # noqa: ARG002 - it never does
        start: bool = True,
        exclusive: bool = False,
        thread: bool = False,
    ) -> Worker[ResultType]:
        """What fills the list may fail."""
        return super().run_worker(
            work, name, group, description, exit_on_error=False, start=start, exclusive=exclusive, thread=thread
        )


class CommandProvider(Provider):
    """Finds commands by title, slash name and help."""

    def _commands(self) -> tuple[tuple[ChatScreen, Command], ...]:
        chat = self.screen
        if not isinstance(chat, ChatScreen):
            return ()
        return tuple((chat, command) for command in COMMANDS if _is_offered(command))

    async def discover(self) -> Hits:
        """Everything, before anything was typed."""
        for chat, command in self._commands():
            yield DiscoveryHit(
                _title(chat, command),
                partial(chat.dispatch.execute, command, ""),
                text=command.title,
                help=command.help,
            )

    async def search(self, query: str) -> Hits:
        """What fits the query."""
        matcher = self.matcher(query)
        for chat, command in self._commands():
            words = f"{command.title} /{command.slash}" if command.slash else command.title
            score = max(matcher.match(words), matcher.match(command.help) / 2)
            if score > 0:
                run = partial(chat.dispatch.execute, command, "")
                yield Hit(score, _title(chat, command), run, text=command.title, help=command.help)


_UNLISTED = frozenset({"palette", "close", "interrupt", "end-of-input", "model"})
"""Those that only make sense as keys, or that another one stands for."""


def _is_offered(command: Command) -> bool:
    return command.run is not None and command.is_listed and command.id not in _UNLISTED


def _title(chat: ChatScreen, command: Command) -> Content:
    names = (f"/{command.slash}" if command.slash else "", first_label(command, chat.own_keys, BY_ID["leader"]))
    return Content.assemble(command.title, Content.styled("  " + "  ".join(filter(None, names)), "$text-muted"))
