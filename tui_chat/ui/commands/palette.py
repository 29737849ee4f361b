"""The command palette's source: every command that can be run without its words having been typed."""

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.worker import ResultType, Worker, WorkType

from tui_chat.ui.commands.context import CommandContext
from tui_chat.ui.keys.command import first_label, leader_in
from tui_chat.ui.keys.pane_keys import bound
from tui_chat.workspace.command import Command


class Palette(CommandPalette):
    """Textual's, which in 8.2.8 ends the program where keys are read in one go: Esc with the key that opens it, since
    what fills its list then finds no list, and Enter twice, since it then goes away twice."""

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
        """What fills the list may fail."""
        return super().run_worker(
            work, name, group, description, exit_on_error=False, start=start, exclusive=exclusive, thread=thread
        )


class CommandProvider(Provider):
    """Finds commands by title, slash name and help."""

    context: ClassVar[CommandContext]
    """Whose commands they are: Textual makes a provider by its class alone, so each palette has a class of its own."""

    def _offered(self) -> Iterator[Command]:
        return (command for command in self.context.commands if command.is_listed and not command.is_key_only)

    async def discover(self) -> Hits:
        """Everything, before anything was typed."""
        for command in self._offered():
            run = partial(self.context.execute, command)
            yield DiscoveryHit(_title(self.context, command), run, text=command.title, help=command.help)

    async def search(self, query: str) -> Hits:
        """What fits the query."""
        matcher = self.matcher(query)
        for command in self._offered():
            words = f"{command.title} /{command.slash}" if command.slash else command.title
            score = max(matcher.match(words), matcher.match(command.help) / 2)
            if score > 0:
                run = partial(self.context.execute, command)
                yield Hit(score, _title(self.context, command), run, text=command.title, help=command.help)


def _title(context: CommandContext, command: Command) -> Content:
    key = first_label(command, context.own_keys, leader_in(context.commands))
    names = filter(None, (f"/{command.slash}" if command.slash else "", key))
    return Content.assemble(command.title, Content.styled("  " + "  ".join(names), "$text-muted"))


def _provider(of: CommandContext) -> type[Provider]:
    class Commands(CommandProvider):
        context = of

    return Commands
