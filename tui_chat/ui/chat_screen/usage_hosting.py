"""What the board of usage asks of the chat: what was spent, a budget, a file for a table, and the way to what is behind
a row."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from tui_chat.core.errors import ChatError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.ui.chat_screen.host import Host
from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:
    from tui_chat.ui.panes.usage_pane import UsagePane
    from tui_chat.workspace.usage_report import Span


class UsageScreen(Host, CommandContext, Protocol):
    """The screen, as far as the board of usage goes."""


class UsageHosting:
    """The chat behind the board."""

    def __init__(self, host: UsageScreen, pane: "Callable[[], UsagePane | None]") -> None:
        """`pane` is the open one."""
        self._host = host
        self._pane = pane

    def read_usage(self, span: "Span") -> None:
        """Read what was spent, and show it."""
        self._host.run_worker(self._read(span), group="usage", exclusive=True)

    async def _read(self, span: "Span") -> None:
        from tui_chat.ui.panes.usage_table import prepared  # the first frame does without
        from tui_chat.workspace.usage_report import read_report

        try:
            report = await read_report(self._host.conversation.session, span)
        except ChatError as error:
            if (pane := self._pane()) is not None:
                pane.show_failure(error.failure)
            return
        tables = await asyncio.to_thread(prepared, report)
        if (pane := self._pane()) is not None:
            pane.show_report(tables)

    def set_budget(self) -> None:
        """Let the person choose a budget and set it."""
        self._host.dispatch.run(self._set_budget(), "budget")

    async def _set_budget(self) -> None:
        from tui_chat.ui.commands.actions.budget import budget

        await budget(self._host, "")
        if (pane := self._pane()) is not None:
            pane.read_again()

    def save_usage(self, text: str, stem: str) -> None:
        """Save a table, and say where."""
        self._host.dispatch.run(self._save(text, stem), "usage")

    async def _save(self, text: str, stem: str) -> None:
        from tui_chat.workspace.usage_report import save_csv

        saved = await asyncio.to_thread(save_csv, text, stem)
        self._host.note(f"Saved to {sanitize_line(str(saved), 300)}.", timeout=8)

    def open_conversation(self, conversation_id: str) -> None:
        """Open a conversation; the open one is only shown."""
        self._host.dispatch.run(self._open(conversation_id), "usage")

    async def _open(self, conversation_id: str) -> None:
        host = self._host
        if conversation_id == host.conversation.session.conversation.id:
            await host.panes.close()
            return
        await host.open(await host.opened.resume(conversation_id, is_temporary=host.program.is_temporary))

    def open_answer(self, node_id: str) -> None:
        """Go to an answer of the open conversation."""
        self._host.dispatch.run(self._open_answer(node_id), "usage")

    async def _open_answer(self, node_id: str) -> None:
        from tui_chat.workspace.search import is_aside, turn_to

        host, session = self._host, self._host.conversation.session
        if is_aside(session, node_id) and host.conversation.is_answering:
            raise CommandRefused("This is on another branch, and an answer is being written: stop it first.")
        await turn_to(session, node_id)
        await host.panes.close()
        await host.show_path()
        host.finding.mark((), node_id)
