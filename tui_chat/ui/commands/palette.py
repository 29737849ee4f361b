"""The command palette's source: every command that can be run without its words having been typed."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Final

from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.worker import ResultType, Worker, WorkType

from tui_chat.core import fuzzy
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

    async def discover(self) -> Hits:
        """Everything, before anything was typed."""
        if isinstance(chat := self.screen, ChatScreen):
            for command in OFFERED:
                run = partial(chat.dispatch.execute, command, "")
                yield DiscoveryHit(_title(chat, command), run, text=command.title, help=command.help)

    async def search(self, query: str) -> Hits:
        """What fits the query. Textual lists by score: it says nothing here but the place."""
        if isinstance(chat := self.screen, ChatScreen):
            found = ranked(query, OFFERED)
            for place, command in enumerate(found):
                run = partial(chat.dispatch.execute, command, "")
                yield Hit(1 - place / len(found), _title(chat, command), run, text=command.title, help=command.help)


_UNLISTED = frozenset({"palette", "close", "interrupt", "end-of-input", "model"})
"""Those that only make sense as keys, or that another one stands for."""


def _is_offered(command: Command) -> bool:
    return command.run is not None and command.is_listed and command.id not in _UNLISTED


OFFERED: Final = tuple(command for command in COMMANDS if _is_offered(command))
"""What the palette lists, in the table's order."""


def searched(command: Command) -> str:
    """The words that a command is found by first."""
    return f"{command.title} /{command.slash}" if command.slash else command.title


def ranked(query: str, commands: Sequence[Command]) -> list[Command]:
    """The commands that fit, the best first; those that only their help speaks for come after all others."""
    by_name = [command for _, command, _ in fuzzy.rank(query, commands, searched)]
    rest = [command for command in commands if command not in by_name]
    return by_name + [command for _, command, _ in fuzzy.rank(query, rest, lambda command: command.help)]


def _title(chat: ChatScreen, command: Command) -> Content:
    names = (f"/{command.slash}" if command.slash else "", first_label(command, chat.own_keys, BY_ID["leader"]))
    return Content.assemble(command.title, Content.styled("  " + "  ".join(filter(None, names)), "$text-muted"))
