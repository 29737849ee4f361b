"""Sends what is typed, and runs commands, or says why not.

Nothing that was typed is lost: what comes before the conversation is open waits for it, and what a command refuses goes
back to the composer.
"""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Protocol, assert_never

from tui_chat.core.errors import ChatError
from tui_chat.core.slash import slash_line, typed_as_message
from tui_chat.ui import dialogs
from tui_chat.ui.commands.context import CommandContext
from tui_chat.ui.commands.table import BY_ID
from tui_chat.ui.keys.command import label_of
from tui_chat.workspace.command import Command
from tui_chat.workspace.command_table import find_command
from tui_chat.workspace.front_end import FrontEnd
from tui_chat.workspace.mentions import command_behind
from tui_chat.workspace.refusal import CommandRefused
from tui_chat.workspace.submission import CommandGiven, Queued, Refused, Sent

MOST_USED_LAST = 3
QUITS = "quit"
"""The id of the command that leaves, and what it is called on the edge."""
RUNS = "run"
ABOUT_FILES = frozenset({"attach", "detach"})
"""Commands that may be typed behind the files that a message names: they are about those."""


class Runner(CommandContext, Protocol):
    """The context of commands, with what running them needs besides."""

    def run_beside(self, work: Coroutine[None, None, None], name: str) -> None:
        """Run work that may take a while; no key waits for it."""


class Dispatch:
    """Hands what is typed to the open conversation, and runs commands in their context."""

    def __init__(self, context: Runner) -> None:
        self._context = context
        self.used_last: tuple[str, ...] = ()
        """Ids of the commands that were run last, the last one first."""
        self._pending_key: Command | None = None
        """The last command whose key was pressed while it could not run yet."""
        self.nothing_waits = asyncio.Event()
        """No command of a key waits for the start."""
        self.nothing_waits.set()

    def submit(self, text: str) -> None:
        """Send a message or run a command; one that cannot be done yet is queued, one that is refused goes back to the
        composer."""
        if (behind := command_behind(text, ABOUT_FILES, self._context.writing.attaching.names)) is not None:
            self._context.composer.put(behind.before)
            text = behind.line
        typed_in = self._context.conversation.id
        if self._submit(text):
            self._remember(text, typed_in)

    def verb_of(self, text: str) -> str:
        """What Enter does with a text that is a command, `quit` or `run`; empty where it is sent."""
        line = slash_line(text)
        if line is not None:
            command = find_command(line.name, FrontEnd.SCREEN)
            return QUITS if command is not None and command.id == QUITS else RUNS
        names = self._context.writing.attaching.names
        is_behind = any(f"/{name}" in text for name in ABOUT_FILES) and command_behind(text, ABOUT_FILES, names)
        return RUNS if is_behind else ""

    def ask(self, prompt: str) -> None:
        """Send words as they are, also those that look like a command."""
        self.submit(typed_as_message(prompt))

    def _submit(self, text: str) -> bool:
        """Return whether the text was taken."""
        submission = self._context.conversation.submit(
            self._context.program.own_prompts.as_command(text, FrontEnd.SCREEN) if text.startswith("/") else text
        )
        match submission:
            case CommandGiven(command, arguments):
                self.execute(command, arguments, typed=text)
            case Sent() | Queued():
                self._context.follow()
            case Refused(why):
                self._refuse(why, text)
                return False
            case _:
                assert_never(submission)
        return True

    def _remember(self, text: str, conversation_id: str) -> None:
        """Add it to the prompt history: of this run and, unless the conversation is temporary, of the next one."""
        context = self._context
        context.composer.prompts.add(text)
        if not context.conversation.is_temporary:
            context.program.remember_prompt(text, conversation_id)

    def run_pending(self) -> None:
        """Send, in order, what was typed before the session was open, then run the command of a key that was pressed
        meanwhile."""
        for text in self._context.conversation.outbox.take_all():
            self._submit(text)
        self._context.follow()
        command, self._pending_key = self._pending_key, None
        if command is not None:
            self.execute(command, "")
        self.nothing_waits.set()

    def execute(self, command: Command, arguments: str, *, typed: str = "") -> None:
        """Run a command; `typed` goes back to the composer where it is refused."""
        from tui_chat.ui.commands.handlers import HANDLERS  # the first frame does without

        context = self._context
        handler = HANDLERS.get(command.id)
        if handler is None:
            return
        if command.needs_session and not context.conversation.is_open:
            self._pending_key = command
            self.nothing_waits.clear()
            context.note("Still starting …", timeout=1)
        elif why := self.why_not(command):
            self._refuse(why, typed)
        elif command.needs_arguments and not arguments:
            context.run_beside(self._ask_for_arguments(command), command.id)
        else:
            if command.is_listed and (not self.used_last or command.id != self.used_last[0]):
                others = (id_ for id_ in self.used_last if id_ != command.id)
                self.used_last = (command.id, *others)[:MOST_USED_LAST]
            try:
                result = handler(context, arguments)
            except CommandRefused as refusal:
                self._refuse(str(refusal), typed)
                return
            if result is not None:
                context.run_beside(self._finish(result, typed), command.id)

    def why_not(self, command: Command) -> str:
        """What keeps a command from being run now; empty where nothing does."""
        if command.needs_idle and self._context.conversation.is_answering:
            stop = label_of(BY_ID["close"], self._context.own_keys) or "/stop"
            return f"An answer is being written: {stop} stops it."
        return ""

    def run(self, work: Awaitable[None], name: str) -> None:
        """Run what somebody asked for otherwise than by a command, and say why not."""
        self._context.run_beside(self._finish(work, ""), name)

    async def _finish(self, result: Awaitable[None], typed: str) -> None:
        try:
            await result
        except CommandRefused as refusal:
            self._refuse(str(refusal), typed)
        except ChatError as error:
            self._context.tell(error.failure)
            self._put_back(typed)
        except Exception as error:  # noqa: BLE001 - a command that breaks is recorded, and the conversation goes on
            self._context.program.survive(error)
            self._put_back(typed)

    async def _ask_for_arguments(self, command: Command) -> None:
        conversation = self._context.conversation
        renames = command.id == "rename" and conversation.is_open
        value = conversation.session.conversation.title if renames else ""
        verb = "save" if renames else "run"
        answer = await self._context.ask(dialogs.line(command.title, value, hint=command.usage, verb=verb))
        if answer and answer.strip():
            self.execute(command, answer.strip())

    def _refuse(self, why: str, typed: str) -> None:
        self._context.note(why, severity="warning")
        self._put_back(typed)

    def _put_back(self, typed: str) -> None:
        if typed:
            self._context.composer.give_back(typed)
