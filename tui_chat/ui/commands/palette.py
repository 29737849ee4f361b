"""The command palette: every command that needs no typed words."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.worker import ResultType, Worker, WorkType

from tui_chat.core import fuzzy
from tui_chat.ui.commands.context import CommandContext
from tui_chat.ui.keys.command import first_label, leader_in
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.workspace.command import Command


class PaletteScreen(CommandPalette):
    """Textual's palette, which in 8.2.8 ends the program where keys are read in one go: Esc with the key that opens it,
    since what fills its list then finds no list, and Enter twice, since it then goes away twice."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("leave", "escape", priority=True)]

    _is_answered = False

    def __init__(self, context: CommandContext) -> None:
        """Offer the commands of this context."""
        super().__init__(providers=(_provider(context),))

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
        """Survive an error of what fills the list."""
        return super().run_worker(
            work, name, group, description, exit_on_error=False, start=start, exclusive=exclusive, thread=thread
        )


class CommandProvider(Provider):
    """Finds commands by title, slash name and help."""

    context: ClassVar[CommandContext]
    """The context of the commands: Textual makes a provider by its class alone, so each palette has a class of its
    own."""

    def _title(self, command: Command) -> Content:
        slash = f"/{command.slash}" if command.slash else ""
        key = first_label(command, self.context.own_keys, leader_in(self.context.commands))
        return Content.assemble(
            command.title, Content.styled("  " + "  ".join(filter(None, (slash, key))), "$text-muted")
        )

    async def discover(self) -> Hits:
        """List all commands before anything is typed."""
        for command in offered(self.context.commands):
            run = partial(self.context.execute, command)
            yield DiscoveryHit(self._title(command), run, text=command.title, help=command.help)

    async def search(self, query: str) -> Hits:
        """List the commands that fit the query. Textual sorts by score, which here is the rank and no more."""
        found = ranked(query, offered(self.context.commands))
        for place, command in enumerate(found):
            run = partial(self.context.execute, command)
            yield Hit(1 - place / len(found), self._title(command), run, text=command.title, help=command.help)


def _provider(of: CommandContext) -> type[Provider]:
    class Commands(CommandProvider):
        context = of

    return Commands


def offered(commands: Sequence[Command]) -> list[Command]:
    """Commands that the palette lists, in the table's order."""
    return [command for command in commands if command.is_listed and not command.is_key_only]


def searched(command: Command) -> str:
    """The words that a query is matched against first."""
    return f"{command.title} /{command.slash}" if command.slash else command.title


def ranked(query: str, commands: Sequence[Command]) -> list[Command]:
    """The commands that fit, the best first; those of which only the help fits come last."""
    by_name = [command for _, command, _ in fuzzy.rank(query, commands, searched)]
    rest = [command for command in commands if command not in by_name]
    return by_name + [command for _, command, _ in fuzzy.rank(query, rest, lambda command: command.help)]
