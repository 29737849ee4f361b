"""What becomes of what is typed or asked for by key: a message, a command, or a reason why not.

Nothing that was typed is lost: what comes before the services are there waits for them, and what a command refuses
goes back to the composer.
"""

from collections.abc import Awaitable, Coroutine
from typing import Protocol

from tui_chat.core.errors import ChatError, Failure
from tui_chat.core.slash import as_message, slash_line, typed_as_message
from tui_chat.ui import dialogs
from tui_chat.ui.commands.context import CommandContext
from tui_chat.ui.commands.table import HANDLERS
from tui_chat.workspace.command import Command, FrontEnd
from tui_chat.workspace.command_table import find_command, unknown_command
from tui_chat.workspace.outbox import MessageQueue
from tui_chat.workspace.refusal import CommandRefused


class Runner(CommandContext, Protocol):
    """The context of commands, and what only running them needs."""

    def tell(self, failure: Failure) -> None:
        """Say what failed, and what to do."""

    def run_beside(self, work: Coroutine[None, None, None], name: str) -> None:
        """Run work that may take a while; no key waits for it."""


class Dispatch:
    """Sends what is typed where it belongs, and runs commands in their context."""

    def __init__(self, context: Runner) -> None:
        self._context = context
        self.early = MessageQueue()
        """What was typed and cannot be done yet."""
        self._early_key: Command | None = None
        """The command whose key was pressed last of those that cannot be done yet."""

    def submit(self, text: str) -> None:
        """Do what was typed; what cannot be done yet waits, what cannot be done at all goes back to the composer."""
        line = slash_line(text)
        if line is None:
            self._taken(text)
            self._send(text)
        elif command := find_command(line.name, FrontEnd.SCREEN):
            self._taken(text)
            self._run(command, line.arguments, text)
        else:
            self._refused(unknown_command(line.name, FrontEnd.SCREEN), text)

    def ask(self, prompt: str) -> None:
        """Send words as they are, also those that look like a command."""
        text = typed_as_message(prompt)
        self._taken(text)
        self._send(text)

    def _run(self, command: Command, arguments: str, text: str) -> None:
        if command.needs_session and not self._context.conversation.has_session:
            self._wait(text)
        else:
            self.execute(command, arguments, typed=text)

    def _send(self, text: str) -> None:
        context = self._context
        if not context.conversation.has_session:
            self._wait(text)
            return
        if context.models.is_missing:
            self._wait(text)
            context.models.look()
            return
        message = as_message(text)
        edited = context.conversation.editing.question
        if edited is not None:
            if context.conversation.turns.is_running:
                self._refused("An answer is being written: Esc stops it, then the question can be replaced.", text)
                return
            context.conversation.editing.end()
            context.conversation.turns.edit(edited.id, message)
        else:
            context.conversation.turns.ask(message)

    def _wait(self, text: str) -> None:
        self.early.add(text)
        self._context.conversation.queueing.show()

    def do_what_waited(self) -> None:
        """What was waited for is there: do in order what was typed before, and then what a key asked for."""
        self._do_typed()
        command, self._early_key = self._early_key, None
        if command is not None:
            self.execute(command, "")

    def _do_typed(self) -> None:
        if not len(self.early):
            return
        early = self.early.take_all()
        self._context.conversation.queueing.show()
        for text in early:
            line = slash_line(text)
            command = find_command(line.name, FrontEnd.SCREEN) if line else None
            if line is None or command is None:
                self._send(text)
            else:
                self._run(command, line.arguments, text)

    def give_back_what_waited(self) -> None:
        """What was waited for will not come: the words go back to the composer."""
        if early := self.early.take_all():
            self._context.conversation.queueing.show()
            self._context.composer.give_back("\n\n".join(early))

    def _taken(self, text: str) -> None:
        """It was sent, or will be; it can be recalled."""
        context = self._context
        context.composer.prompts.add(text)
        if not context.conversation.is_temporary:
            context.program.remember_prompt(text)

    def execute(self, command: Command, arguments: str, *, typed: str = "") -> None:
        """Run a command; `typed` goes back to the composer where it is refused."""
        context = self._context
        handler = HANDLERS.get(command.id)
        if handler is None:
            return
        if command.needs_session and not context.conversation.has_session:
            self._early_key = command
            context.toast("Still starting …", timeout=1)
        elif command.needs_idle and context.conversation.turns.is_running:
            self._refused("An answer is being written: Esc stops it.", typed)
        elif command.needs_arguments and not arguments:
            context.run_beside(self._ask_for_arguments(command), command.id)
        else:
            try:
                result = handler(context, arguments)
            except CommandRefused as refusal:
                self._refused(str(refusal), typed)
                return
            if result is not None:
                context.run_beside(self._finish(result, typed), command.id)

    async def _finish(self, result: Awaitable[None], typed: str) -> None:
        try:
            await result
        except CommandRefused as refusal:
            self._refused(str(refusal), typed)
        except ChatError as error:
            self._context.tell(error.failure)
            self._put_back(typed)
        except Exception as error:  # noqa: BLE001 - a command that breaks is recorded, and the conversation goes on
            self._context.program.survive(error)
            self._put_back(typed)

    async def _ask_for_arguments(self, command: Command) -> None:
        answer = await self._context.ask(dialogs.line(command.title, hint=command.usage))
        if answer and answer.strip():
            self.execute(command, answer.strip())

    def _refused(self, why: str, typed: str) -> None:
        self._context.toast(why, severity="warning")
        self._put_back(typed)

    def _put_back(self, typed: str) -> None:
        if typed:
            self._context.composer.give_back(typed)
