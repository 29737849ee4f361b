"""The chat of plain mode: the open conversation, with the lines that are read and the words that are said.

The event loop runs only while something is awaited: an answer, a list, a file. Reading a line blocks it, and nothing
else needs to happen meanwhile.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, aclosing
from typing import TypeVar

import msgspec

from tui_chat.chat.services import Services
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import AnswerEnded, AnswerStarted
from tui_chat.core.continuing import can_continue
from tui_chat.core.errors import ChatError, ErrorKind, Failure, SettingsError
from tui_chat.core.sanitize import sanitize_line, without_surrogates
from tui_chat.core.slash import slash_line, typed_as_message
from tui_chat.core.timestamps import MessageTimes, Timestamps
from tui_chat.core.tree import Node
from tui_chat.plain.call_results import ask_for_results
from tui_chat.plain.choosing import PAGE, Deed, Offer, choose, choose_or_do, confirm
from tui_chat.plain.following import LASTS_S, SpokenTurn
from tui_chat.plain.lines import Lines
from tui_chat.plain.listing_beside import reading_beside
from tui_chat.plain.messages import first_message, is_command
from tui_chat.plain.over_budget import ask_over_budget
from tui_chat.plain.prompts import Prompts
from tui_chat.plain.saving_lines import SavingLines
from tui_chat.plain.signals import Ended, Signals
from tui_chat.plain.speech import Speech
from tui_chat.plain.wording import excerpt_of, failure_words, gateway_words, name_of
from tui_chat.settings.kept import SettingsKeeper
from tui_chat.settings.load import Loaded
from tui_chat.settings.paths import Paths
from tui_chat.settings.secrets import Connection
from tui_chat.terminal.opener import Opener
from tui_chat.workspace.budgets import change as change_budget
from tui_chat.workspace.connecting import Connector
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.conversations import Conversations
from tui_chat.workspace.elsewhere import WORDS, written_elsewhere
from tui_chat.workspace.events import ConversationEvent, NotSent
from tui_chat.workspace.front_end import FrontEnd
from tui_chat.workspace.gateways_of_run import GatewaysOfRun
from tui_chat.workspace.opening import Opening
from tui_chat.workspace.own_prompts import OwnPrompts
from tui_chat.workspace.saving import FIRST_WAIT_S, LEAVE_WITHIN_S, SAVED_AGAIN, Saving
from tui_chat.workspace.submission import Refused, Sent, Submission

Item = TypeVar("Item")
Result = TypeVar("Result")

MID_ANSWER = ("stop", "quit", "exit", "q", "queue")
"""Commands that work while an answer is being written."""


class Context(msgspec.Struct, frozen=True):
    """Parts of the program that the chat uses."""

    keeping: SettingsKeeper
    paths: Paths
    opening: Opening
    connection: Connection
    connector: Connector | None
    remember: Callable[[str, str], None]
    """Adds a prompt, and the id of its conversation, to the prompt history on disk."""
    copy: Callable[[str, str, bool], Awaitable[str]]
    """Copies a text, and returns words that say where it went; see `plain.app.run`."""
    lasts_s: float = LASTS_S
    """Time that a state must last before it is said."""
    first_wait_s: float = FIRST_WAIT_S
    """Time after which what could not be saved is tried again."""
    opener: Opener = msgspec.field(default_factory=Opener)

    @property
    def loaded(self) -> Loaded:
        """The settings in force now."""
        return self.keeping.loaded


class Chat:
    """The chat, as the handlers of commands see it."""

    def __init__(
        self, conversation: OpenConversation, speech: Speech, lines: Lines, signals: Signals, context: Context
    ) -> None:
        self.conversation = conversation
        self.conversations = Conversations(lambda: self.conversation)
        self.gateways = GatewaysOfRun(conversation.services, conversation.recent)
        self.speech = speech
        self.context = context
        self.saving = Saving(conversation.services.unsaved, first_wait_s=context.first_wait_s)
        """What could not be saved yet, in this conversation and in those before."""
        self.lines = SavingLines(lines, self.saving)
        self._was_owed = False
        """It was said that something is not saved."""
        self.has_written_elsewhere = False
        """What could not be saved is in a file that the person named."""
        self.shows_reasoning = context.loaded.settings.show_reasoning
        self._signals = signals
        self.attached: list[str] = []
        """Mentions of the files that are attached to the next message."""
        self.tried_address = ""
        """The address that `/connect` could not connect to; empty where it did."""
        self.own_prompts = OwnPrompts(context.paths.own_prompts)
        self._prompts = Prompts(speech, self.lines, self._names_command)
        self.is_leaving = False
        self.last_answer: Node | None = None
        self._over_budget: NotSent | None = None
        """The message that would have gone over a budget."""
        """The last answer that ended in this run."""

    @property
    def session(self) -> Session:
        """The conversation in the domain."""
        return self.conversation.session

    @property
    def services(self) -> Services:
        """Services of the session."""
        return self.conversation.services

    @property
    def times(self) -> MessageTimes:
        """The times of messages, as the setting has them."""
        return MessageTimes(Timestamps(self.context.loaded.settings.timestamps), self.services.clock.now)

    # Saying and asking

    def say(self, text: str) -> None:
        """Say whole lines."""
        self.speech.say(text)

    def tell(self, failure: Failure) -> None:
        """Say what failed, and what to do."""
        self.say(failure_words(failure))

    @property
    def is_at_terminal(self) -> bool:
        """Somebody can answer who has read the question."""
        return self.lines.is_terminal

    def queue_typed(self) -> None:
        """Let what was typed before a question wait as messages, so that none of it is taken for an answer."""
        self._take_typed()
        if rest := self.lines.waiting():
            self._take("\n".join(rest))

    def ask_line(self, prompt: str, *, is_path: bool = False) -> str:
        """Ask for one line; see `plain.prompts`. Raises as `Lines.read` does, and `CommandTyped`."""
        return self._prompts.line(prompt, is_path=is_path)

    def ask_text(self, prompt: str, prefill: str = "") -> str:
        """Ask for a text of one or more lines; see `plain.prompts`. Raises as `Lines.read` does, and `CommandTyped`."""
        return self._prompts.text(prompt, prefill)

    def _names_command(self, line: str) -> bool:
        return is_command(self.own_prompts.as_command(line, FrontEnd.PLAIN))

    def choose(
        self,
        items: Sequence[Item],
        words: Callable[[Item], str],
        narrowed: Callable[[str], Sequence[Item]] | None = None,
        above: Callable[[Item], str] | None = None,
        *,
        page: int = PAGE,
        counts_down: bool = False,
    ) -> Item | None:
        """Offer a numbered choice; see `plain.choosing`. Raises as `Lines.read` does."""
        speech, lines = self.speech, self.lines
        return choose(speech, lines, items, words, narrowed=narrowed, above=above, page=page, counts_down=counts_down)

    def choose_or_do(self, items: Sequence[Item], offer: Offer[Item]) -> Deed[Item]:
        """Offer a numbered choice with more to do than to choose. Raises as `Lines.read` does."""
        return choose_or_do(self.speech, self.lines, items, offer)

    def confirm(self, question: str) -> bool:
        """Ask a question that is answered by yes or no. Raises as `Lines.read` does."""
        return confirm(self.lines, question)

    async def set_budget(self, words: str) -> None:
        """Set a budget as the words say, keep it where it is for all, and tell what holds now.

        Raises:
            CommandRefused: the words are no budget.
        """
        said, kept = await change_budget(self.session, words)
        self.say(said)
        if kept is not None:
            try:
                self.context.keeping.keep("budget", kept)
            except SettingsError as error:  # it holds all the same
                self.tell(error.failure)

    def remember(self, text: str) -> None:
        """Let a text be recalled in this run and, unless the conversation is temporary, in the next."""
        self.lines.remember(text)
        if not self.session.is_temporary:
            self.context.remember(text, self.conversation.id)

    # Turns

    async def submit(self, text: str) -> Submission:
        """Submit a text. A message gets a model where none is chosen, and the attached files, and goes ahead of those
        that wait."""
        if slash_line(text) is not None:
            return self.conversation.submit(self.own_prompts.as_command(text, FrontEnd.PLAIN))
        if self.conversation.lacks_model and not await self._find_model():
            return Refused("Not sent. Name a model with /model ID, then send it again.")
        self.conversation.send(" ".join((text, *self.attached)))
        return Sent()

    async def send(self, message: str) -> None:
        """Send a text as a message, even if it begins with a slash, and read the answer out."""
        match await self.submit(typed_as_message(message)):
            case Refused(why):
                self.say(why)
            case _:
                await self.follow()

    async def follow(self) -> None:
        """Read out the turn that is due, ask for the results of its calls, and go on until no turn is due."""
        while self.conversation.is_due:
            await self._read_out(self.conversation.turn())
            if self._over_budget is not None and not self.is_leaving:
                unsent, self._over_budget = self._over_budget, None
                await ask_over_budget(self, unsent)
            if self.session.pending_calls and not self.is_leaving:
                await ask_for_results(self, self.conversation)

    async def _read_out(self, events: AsyncGenerator[ConversationEvent, None]) -> None:
        spoken = SpokenTurn(self.speech, shows_reasoning=self.shows_reasoning, lasts_s=self.context.lasts_s)
        try:
            with self._signals.awaiting(self._stop), self.lines.watched(self._take_typed):
                async with AsyncExitStack() as beside:
                    if self.lines.is_terminal:
                        await beside.enter_async_context(reading_beside(self.services.catalog))
                    turn = await beside.enter_async_context(aclosing(events))
                    async for event in turn:
                        spoken.handle(event)
                        if isinstance(event, AnswerStarted):
                            self.attached.clear()
                            if self._signals.ending_status:
                                self.conversation.stop()
                        elif isinstance(event, AnswerEnded):
                            self.last_answer = event.answer
                        elif isinstance(event, NotSent) and event.failure and event.failure.kind is ErrorKind.BUDGET:
                            self._over_budget = event
        finally:
            spoken.close()
        self.say_notices()
        if self._signals.ending_status:
            raise Ended(self._signals.ending_status)

    async def save_again(self) -> None:
        """Save what is still owed where the next try is due, and say what became of it."""
        if failure := self.services.unsaved.take_unsaid():
            self.tell(failure)
        if self.saving.is_owed:
            self._was_owed = True
            await self.run(self.saving.save_if_due(LEAVE_WITHIN_S))
        if self._was_owed and not self.saving.is_owed:
            self._was_owed = False
            self.say(SAVED_AGAIN)

    def _stop(self) -> None:
        """Stop the answer on a signal; the terminal has echoed the keys that sent it."""
        self.speech.was_continued(is_open=self.lines.is_terminal)
        self.conversation.stop()

    async def run(self, work: Coroutine[None, None, Result]) -> Result | None:
        """Await work that may take a while; None where Ctrl+C ended it.

        Raises:
            ChatError: as the work does.
        """
        task = asyncio.ensure_future(work)
        with self._signals.awaiting(task.cancel):
            try:
                return await task
            except asyncio.CancelledError:
                if self._signals.ending_status:
                    raise Ended(self._signals.ending_status) from None
                self.say("Stopped.")
                return None
            finally:
                self.say_notices()

    def say_notices(self) -> None:
        """Say what the store has to tell: a damaged file was moved aside."""
        for notice in self.services.store.notices():
            self.say(notice)

    async def _find_model(self) -> bool:
        try:
            is_found = await self.run(self.conversation.find_model())
        except ChatError as error:
            self.tell(error.failure)
            return False
        if is_found:
            self.say(f"Model: {name_of(self.session.conversation.model)}, the first that the gateway lists.")
        return bool(is_found)

    def _take_typed(self) -> None:
        """Take the lines that were typed while an answer is being written."""
        lines = self.lines.waiting()
        while taken := first_message(lines, is_command):
            lines = lines[taken.lines :]
            self._take(without_surrogates(taken.text))
        if lines:
            self.lines.put_back(lines)

    def _take(self, text: str) -> None:
        line = slash_line(text)
        if not text.strip():
            return
        if line is None or line.name.lower() not in MID_ANSWER:
            self.conversation.outbox.add(text)
            self.say(f"Queued, for after this answer: {sanitize_line(text, 80)}")
        elif line.name.lower() == "queue":
            self.say_queue()
        else:
            self.is_leaving = line.name.lower() != "stop"
            self.conversation.stop()

    def say_queue(self) -> None:
        """List the messages that wait."""
        waiting = self.conversation.outbox.messages
        self.say("\n".join(sanitize_line(text, 80) for text in waiting) or "Nothing waits.")

    # Conversations

    async def resume(self, id_: str) -> Session:
        """A saved conversation, to go on through the gateway that it went through.

        Raises:
            StoreError: it is there no more, or cannot be read.
        """
        self.gateways.left(self.conversation.id, self.services)
        services = await self.gateways.through(id_)
        return await Session.resume(services, id_, is_temporary=self.context.opening.is_temporary)

    async def open(self, session: Session) -> None:
        """Go on with another conversation; messages that wait are sent there."""
        before = self.conversation
        self.gateways.left(before.id, before.services)
        recent = self.gateways.recent_at(session.services)
        self.conversation = OpenConversation(session, front_end=FrontEnd.PLAIN, recent=recent, outbox=before.outbox)
        self.last_answer = None
        if session.services is not before.services:
            self.say(f"Gateway: {gateway_words(session.services.gateway)}.")
            await before.services.completer.close()
        self.say_where()
        await self.run(self.conversations.look_up())
        if self.conversations.is_archived:
            self.say("It is archived: /archive brings it back.")

    def say_where(self) -> None:
        """Say which conversation is open, with its last message."""
        session, path = self.session, self.session.path
        kept = ", temporary: nothing of it is written to disk" if session.is_temporary else ""
        model = f"Model: {name_of(session.conversation.model)}."
        if not path:
            self.say(f"New conversation{kept}. {model}")
            return
        title = sanitize_line(session.conversation.title, 100) or "without a title"
        count = "1 message" if len(path) == 1 else f"{len(path)} messages"
        self.say(f"Conversation: {title}, {count}{kept}. {model}")
        self.say(f"The last is {excerpt_of(path[-1], self.times.stamp(path[-1].created_at))}")
        if can_continue(path[-1]):
            failure = path[-1].answer.failure if path[-1].answer else None
            why = f" {sanitize_line(failure.message, 200)}" if failure else ""
            self.say(f"It is not whole.{why} /continue goes on with it.")
        if written_elsewhere(session) is not None:
            self.say(f"{WORDS} /resume {session.conversation.id} reads it again.")
        self.say("/messages lists them, /read reads the last, /read 2 the one before it.")

    async def use(self, services: Services) -> None:
        """Go on through another gateway, with its default model, since it may not know the present one."""
        recent = self.gateways.recent_at(services)
        self.gateways.connected(services)
        await self.conversation.use(services, recent=recent)
        model = services.default_model or "the first that the gateway lists"
        self.say(f"Connected to {gateway_words(services.gateway)}. Model: {model}. /model switches it.")
