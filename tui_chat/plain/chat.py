"""The chat of plain mode: the open conversation, what is said and typed, and one thing after another.

The loop of the program runs only while something is awaited: an answer, a list, a file. While a person is asked,
nothing else happens, and nothing needs to.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeVar

from tui_chat.chat.services import Connector, Services
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import AnswerEnded, AnswerStarted
from tui_chat.core.errors import ChatError, Failure
from tui_chat.core.sanitize import sanitize_line, without_surrogates
from tui_chat.core.slash import slash_line, typed_as_message
from tui_chat.core.tree import Node
from tui_chat.plain.call_results import ask_for_results
from tui_chat.plain.choosing import choose, confirm
from tui_chat.plain.following import LASTS_S, Following
from tui_chat.plain.lines import Lines
from tui_chat.plain.messages import first_message, unfinished
from tui_chat.plain.signals import Ended, Interrupted, Signals
from tui_chat.plain.speech import Speech
from tui_chat.plain.wording import excerpt_of, failure_words, gateway_words, name_of
from tui_chat.settings.load import Loaded
from tui_chat.settings.paths import Paths
from tui_chat.settings.secrets import Connection
from tui_chat.workspace.command import FrontEnd
from tui_chat.workspace.command_table import find_command
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.events import ConversationEvent
from tui_chat.workspace.opening import Opening
from tui_chat.workspace.submission import Refused, Sent, Submission

Item = TypeVar("Item")
Result = TypeVar("Result")

PROMPT = "You: "
MORE = "More: "
MID_ANSWER = ("stop", "quit", "exit", "q", "queue")
"""Commands that do not wait until the answer that is being written has ended."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the chat has of the program around it."""

    loaded: Loaded
    paths: Paths
    opening: Opening
    connection: Connection
    connector: Connector | None
    remember: Callable[[str], None]
    """Keeps a prompt for the next run."""
    copy: Callable[[str, str, bool], Awaitable[str]]
    """Puts a text where it can be pasted, and says where: given its name for people, and whether a file may hold it."""
    lasts_s: float = LASTS_S
    """How long a state must last to be said."""


class Chat:
    """What commands work on."""

    def __init__(
        self, conversation: OpenConversation, speech: Speech, lines: Lines, signals: Signals, context: Context
    ) -> None:
        self.conversation = conversation
        self.speech = speech
        self.lines = lines
        self.context = context
        self.shows_reasoning = context.loaded.settings.show_reasoning
        self._signals = signals
        self.attached: list[str] = []
        """Files for the next message, as they are named in one."""
        self.is_leaving = False
        self.last_answer: Node | None = None
        """The last answer that ended in this run."""

    @property
    def session(self) -> Session:
        """The conversation in the domain."""
        return self.conversation.session

    @property
    def services(self) -> Services:
        """What it goes through."""
        return self.conversation.services

    # Saying and asking

    def say(self, text: str) -> None:
        """Whole lines."""
        self.speech.say(text)

    def tell(self, failure: Failure) -> None:
        """What failed, and what to do."""
        self.say(failure_words(failure))

    def ask_line(self, prompt: str) -> str:
        """One line of an answer. Raises as `Lines.read`."""
        return without_surrogates(self.lines.read(prompt))

    def ask_text(self, prompt: str, prefill: str = "") -> str:
        """A text of one or more lines. Raises as `Lines.read`."""
        lines: list[str] = []
        try:
            while True:
                lines.append(self.lines.read(MORE if lines else prompt, "" if lines else prefill))
                lines += self.lines.waiting()
                if taken := first_message(lines, _is_command):
                    if rest := lines[taken.lines :]:
                        self.lines.put_back(rest)
                    return without_surrogates(taken.text)
        except EOFError:
            if not lines:
                raise
            return without_surrogates(unfinished(lines))
        except (Interrupted, Ended) as stop:
            stop.text = unfinished([*lines, stop.text])
            raise

    def choose(
        self,
        items: Sequence[Item],
        words: Callable[[Item], str],
        narrowed: Callable[[str], Sequence[Item]] | None = None,
    ) -> Item | None:
        """A numbered choice. Raises as `Lines.read`."""
        return choose(self.speech, self.lines, items, words, narrowed=narrowed)

    def confirm(self, question: str) -> bool:
        """Yes or no. Raises as `Lines.read`."""
        return confirm(self.lines, question)

    def remember(self, text: str) -> None:
        """It was sent, or could not be: it can be recalled, in this run and, where anything is kept, in the next."""
        self.lines.remember(text)
        if not self.session.is_temporary:
            self.context.remember(text)

    # Turns

    async def submit(self, text: str) -> Submission:
        """Take what was typed; a message is given a model to go to and the files that were attached, and is sent before
        what still waits."""
        if slash_line(text) is not None:
            return self.conversation.submit(text)
        if self.conversation.lacks_model and not await self._find_model():
            return Refused("Not sent. Name a model with /model ID, then send it again.")
        self.conversation.send(" ".join((text, *self.attached)))
        return Sent()

    async def send(self, message: str) -> None:
        """Ask these words, whatever they begin with, and read the answer out."""
        match await self.submit(typed_as_message(message)):
            case Refused(why):
                self.say(why)
            case _:
                await self.follow()

    async def follow(self) -> None:
        """Read out the turn that is due, and what it leads to: calls that want a result, and the answer to these."""
        while self.conversation.is_due:
            await self._read_out(self.conversation.turn())
            if self.session.pending_calls and not self.is_leaving:
                await ask_for_results(self, self.conversation)

    async def _read_out(self, events: AsyncGenerator[ConversationEvent, None]) -> None:
        following = Following(self.speech, shows_reasoning=self.shows_reasoning, lasts_s=self.context.lasts_s)
        try:
            with self._signals.awaiting(self._stop), self.lines.watched(self._take_typed):
                async with aclosing(events) as turn:
                    async for event in turn:
                        following.handle(event)
                        if isinstance(event, AnswerStarted):
                            self.attached.clear()
                            if self._signals.ending_status:
                                self.conversation.stop()
                        elif isinstance(event, AnswerEnded):
                            self.last_answer = event.answer
        finally:
            following.close()
        for notice in self.services.store.notices():
            self.say(notice)
        if self._signals.ending_status:
            raise Ended(self._signals.ending_status)

    def _stop(self) -> None:
        """A signal; the terminal has shown the keys that sent it."""
        self.speech.was_continued(is_open=self.lines.is_terminal)
        self.conversation.stop()

    async def run(self, work: Coroutine[None, None, Result]) -> Result | None:
        """The result of something that may take a while; None where Ctrl+C ended it.

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

    async def _find_model(self) -> bool:
        try:
            is_found = await self.run(self.conversation.find_model())
        except ChatError as error:
            self.tell(error.failure)
            return False
        if not is_found:
            return False
        self.say(f"Model: {name_of(self.session.conversation.model)}, the first that the gateway lists.")
        return True

    def _take_typed(self) -> None:
        """Something was typed while an answer is being written."""
        lines = self.lines.waiting()
        while taken := first_message(lines, _is_command):
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
        """Say what waits."""
        waiting = self.conversation.outbox.messages
        self.say("\n".join(sanitize_line(text, 80) for text in waiting) or "Nothing waits.")

    # Conversations

    def open(self, session: Session) -> None:
        """Go on with another conversation; what waits is done there."""
        before = self.conversation
        self.conversation = OpenConversation(
            session, front_end=FrontEnd.PLAIN, recent=before.recent, outbox=before.outbox
        )
        self.last_answer = None
        self.say_where()

    def say_where(self) -> None:
        """Say which conversation is open."""
        session, path = self.session, self.session.path
        kept = ", temporary: nothing of it is written to disk" if session.is_temporary else ""
        model = f"Model: {name_of(session.conversation.model)}."
        if not path:
            self.say(f"New conversation{kept}. {model}")
            return
        title = sanitize_line(session.conversation.title, 100) or "without a title"
        count = "1 message" if len(path) == 1 else f"{len(path)} messages"
        self.say(f"Conversation: {title}, {count}{kept}. {model}")
        self.say(f"The last is {excerpt_of(path[-1])}")
        self.say("/messages lists them, /read reads the last, /read 1 the first.")

    async def use(self, services: Services) -> None:
        """Go on through another gateway; its default model takes the place of one that it may not know."""
        await self.conversation.use(services)
        model = services.default_model or "the first that the gateway lists"
        self.say(f"Connected to {gateway_words(services.gateway)}. Model: {model}. /model switches it.")

    def message_number(self, number: str) -> Node | None:
        """The message of the path with this number, from 1; without one, the last. Says where there is none."""
        path = self.session.path
        if not path:
            self.say("There is no message yet.")
        elif not number:
            return path[-1]
        elif number.isdecimal() and number.isascii() and 1 <= int(number[:9]) <= len(path):
            return path[int(number[:9]) - 1]
        else:
            self.say(f"Messages have numbers from 1 to {len(path)}. /messages lists them.")
        return None


def _is_command(text: str) -> bool:
    line = slash_line(text)
    return line is not None and find_command(line.name, FrontEnd.PLAIN) is not None
