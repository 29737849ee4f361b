"""What becomes of what is typed or asked for by key: a message, a command, or a reason why not.

Nothing that was typed is lost: what comes before the services are there waits for them, and what a command refuses
goes back to the composer.
"""

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from tui_chat.core.errors import ChatError
from tui_chat.core.sanitize import sanitize_line
from tui_chat.core.slash import as_message, slash_line, typed_as_message
from tui_chat.ui.commands.table import BY_SLASH
from tui_chat.ui.keys.command import Command
from tui_chat.workspace.outbox import Outbox
from tui_chat.workspace.refusal import CommandRefused

if TYPE_CHECKING:  # the screen owns this
    from tui_chat.ui.chat_screen.screen import ChatScreen


class Dispatch:
    """Sends what is typed in a chat screen where it belongs."""

    def __init__(self, chat: "ChatScreen") -> None:
        self._chat = chat
        self.early = Outbox()
        """What was typed and cannot be done yet."""
        self._early_key: Command | None = None
        """The command whose key was pressed last of those that cannot be done yet."""

    def submit(self, text: str) -> None:
        """Do what was typed; what cannot be done yet waits, what cannot be done at all goes back to the composer."""
        line = slash_line(text)
        if line is None:
            self._taken(text)
            self._send(text)
        elif command := BY_SLASH.get(line.name.lower()):
            self._taken(text)
            self._run(command, line.arguments, text)
        else:
            known = "Send it as text with //, or see /help."
            self._refused(f"There is no command /{sanitize_line(line.name, 40)}. {known}", text)

    def ask(self, prompt: str) -> None:
        """Send words as they are, also those that look like a command."""
        text = typed_as_message(prompt)
        self._taken(text)
        self._send(text)

    def _run(self, command: Command, arguments: str, text: str) -> None:
        if command.needs_session and not self._chat.has_session:
            self._wait(text)
        else:
            self.execute(command, arguments, typed=text)

    def _send(self, text: str) -> None:
        chat = self._chat
        if not chat.has_session:
            self._wait(text)
            return
        if chat.models.is_missing:
            self._wait(text)
            chat.models.look()
            return
        message = as_message(text)
        edited = chat.editing.question
        if edited is not None:
            if chat.turns.is_running:
                self._refused("An answer is being written: Esc stops it, then the question can be replaced.", text)
                return
            chat.editing.end()
            chat.turns.edit(edited.id, message)
        else:
            chat.turns.ask(message)

    def _wait(self, text: str) -> None:
        self.early.add(text)
        self._chat.queueing.show()

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
        self._chat.queueing.show()
        for text in early:
            line = slash_line(text)
            command = BY_SLASH.get(line.name.lower()) if line else None
            if line is None or command is None:
                self._send(text)
            else:
                self._run(command, line.arguments, text)

    def give_back_what_waited(self) -> None:
        """What was waited for will not come: the words go back to the composer."""
        if early := self.early.take_all():
            self._chat.queueing.show()
            self._chat.composer.give_back("\n\n".join(early))

    def _taken(self, text: str) -> None:
        """It was sent, or will be; it can be recalled."""
        chat = self._chat
        chat.composer.prompts.add(text)
        if not chat.is_temporary:
            chat.chat_app.remember_prompt(text)

    def execute(self, command: Command, arguments: str, *, typed: str = "") -> None:
        """Run a command; `typed` goes back to the composer where it is refused."""
        chat = self._chat
        if command.run is None:
            return
        if command.needs_session and not chat.has_session:
            self._early_key = command
            chat.toast("Still starting …", timeout=1)
        elif command.needs_idle and chat.turns.is_running:
            self._refused("An answer is being written: Esc stops it.", typed)
        elif command.needs_arguments and not arguments:
            chat.run_worker(self._ask_for_arguments(command), group="command")
        else:
            try:
                result = command.run(chat, arguments)
            except CommandRefused as refusal:
                self._refused(str(refusal), typed)
                return
            if result is not None:
                chat.run_worker(self._finish(result, typed), name=command.id, group="command")

    async def _finish(self, result: Awaitable[None], typed: str) -> None:
        try:
            await result
        except CommandRefused as refusal:
            self._refused(str(refusal), typed)
        except ChatError as error:
            self._chat.tell(error.failure)
            self._put_back(typed)
        except Exception as error:  # noqa: BLE001 - a command that breaks is recorded, and the conversation goes on
            self._chat.chat_app.survive(error)
            self._put_back(typed)

    async def _ask_for_arguments(self, command: Command) -> None:
        from tui_chat.ui.dialogs.prompt import LineDialog  # imported when it is opened

        answer = await self._chat.app.push_screen_wait(LineDialog(command.title, "", hint=command.arguments))
        if answer and answer.strip():
            self.execute(command, answer.strip())

    def _refused(self, why: str, typed: str) -> None:
        self._chat.toast(why, severity="warning")
        self._put_back(typed)

    def _put_back(self, typed: str) -> None:
        if typed:
            self._chat.composer.give_back(typed)
