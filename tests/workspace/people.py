"""A person with an open conversation who does anything at any time, and keeps account of every text."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, cycle

from msgspec.structs import replace

from tests.workspace.conversing import FAILURE, FailingStore
from tui_chat.chat.history import sendable_messages
from tui_chat.chat.services import Services
from tui_chat.core.errors import ChatError
from tui_chat.core.parts import Message, Role, ToolResult
from tui_chat.core.request import Request
from tui_chat.core.slash import as_message
from tui_chat.core.stream_events import Connected, Outcome, Stopped, StreamEvent, TextDelta, ToolCallDelta
from tui_chat.core.tree import Node
from tui_chat.workspace.call_states import CallState
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.events import ConversationEvent, GivenBack, NotSent, QuestionSaved
from tui_chat.workspace.state import State
from tui_chat.workspace.submission import CommandGiven, Refused
from tui_chat.workspace.verbs import last_question

ENDINGS = ("complete", "complete", "calls", "two calls", "truncated", "error", "cancelled", "hangs")
DEEDS = (
    *("submit", "submit", "submit", "follow a little", "follow", "follow"),
    *("command", "missing file", "slashes", "close", "stop", "take", "remove", "move", "send now"),
    *("edit", "end edit", "result", "result", "retry", "set model", "connect", "connect to no model"),
    *("find model", "disk full", "disk free"),
)
REORDERING = frozenset({"take", "remove", "move", "send now", "edit"})


@dataclass
class Answers:
    """A completer whose answers end in every way. One that hangs ends with what `hangs` does about it."""

    endings: Iterator[str]
    hangs: Callable[[], None] = lambda: None
    running: int = 0
    calls: Iterator[int] = field(default_factory=count)

    @classmethod
    def ending(cls, endings: list[str]) -> "Answers":
        """Answers that end so, over and over."""
        return cls(cycle(endings or ["complete"]))

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """One answer."""
        check_sendable(list(request.messages))
        ending = next(self.endings)
        self.running += 1
        try:
            yield Connected()
            yield TextDelta("Words.")
            match ending:
                case "calls" | "two calls":
                    for index in range(1 + (ending == "two calls")):
                        yield ToolCallDelta(index, f"call_{next(self.calls)}", "time", "{}")
                    yield Stopped(Outcome.COMPLETE, "tool_calls")
                case "hangs":
                    self.hangs()
                    await asyncio.Event().wait()
                case _:
                    yield Stopped(Outcome(ending), "stop", FAILURE if ending == "error" else None)
        finally:
            self.running -= 1

    async def close(self) -> None:
        """Nothing is kept."""


def check_sendable(messages: list[Message]) -> None:
    """Hold that each call is answered, right behind the answer that asked for it, and nothing else is."""
    waiting: list[str] = []
    for message in messages:
        if message.role is Role.TOOL:
            (result,) = message.parts
            assert isinstance(result, ToolResult)
            waiting.remove(result.call_id)
        else:
            assert not waiting
            waiting = [call.id for call in message.tool_calls]
    assert not waiting


class Person:
    """Somebody in front of an open conversation, with the account of what became of each text."""

    def __init__(self, conversation: OpenConversation, store: FailingStore) -> None:
        self.conversation = conversation
        self._store = store
        self._numbers = count(1)
        self._follow: AsyncGenerator[ConversationEvent, None] | None = None
        self.submitted: list[str] = []
        self.theirs: list[str] = []
        """Texts that are the person's again: given back, not sent, taken out, refused."""
        self.commands: list[str] = []
        self._saved: list[str] = []

    # What is done

    async def do(self, deed: str, number: int) -> None:
        """Do one thing; what cannot be done now is left."""
        conversation, outbox = self.conversation, self.conversation.outbox
        match deed:
            case "submit":
                self._submit(f"text {next(self._numbers)}")
            case "slashes":
                self._submit(f"//text {next(self._numbers)}")
            case "missing file":
                self._submit(f"@./none text {next(self._numbers)}")
            case "command":
                self._submit(f"/text {next(self._numbers)}")
            case "follow":
                await self._pull(1_000)
            case "follow a little":
                await self._pull(number + 1)
            case "close":
                await self.close()
            case "stop":
                conversation.stop()
            case "take" if len(outbox):
                self.theirs.append(outbox.take(number % len(outbox)))
            case "remove" if len(outbox):
                self.theirs.append(outbox.remove(number % len(outbox)))
            case "move" if len(outbox):
                outbox.move(number % len(outbox), number)
            case "send now" if len(outbox):
                conversation.send_now(number % len(outbox))
            case "edit" if self._questions():
                conversation.edit(last_question(conversation))
            case "end edit":
                conversation.end_edit()
            case "result" if pending := conversation.session.pending_calls:
                await conversation.give_result(pending[number % len(pending)].id, "noon")
            case "retry" if self._questions() and not conversation.is_answering:
                conversation.retry("other/model" if number % 2 else "")
            case "set model":
                await conversation.set_model(f"model/{number}")
                self._do_what_waited()
            case "connect" | "connect to no model":
                model = "there/model" if deed == "connect" else ""
                await conversation.use(replace(conversation.services, default_model=model))
                self._do_what_waited()
            case "find model" if conversation.lacks_model:
                with suppress(ChatError):
                    await conversation.find_model()
                self._do_what_waited()
            case "disk full":
                self._store.is_full = self._store.was_full = True
            case "disk free":
                self._store.is_full = False

    def _submit(self, text: str) -> None:
        self.submitted.append(text)
        self._resubmit(text)

    def _resubmit(self, text: str) -> None:
        match self.conversation.submit(text):
            case CommandGiven():
                self.commands.append(text)
            case Refused():
                self.theirs.append(text)

    def _do_what_waited(self) -> None:
        """Submit once more what waited for a model, as a front end does."""
        if self.conversation.state is State.IDLE:
            for text in self.conversation.outbox.take_all():
                self._resubmit(text)

    async def _pull(self, events: int) -> None:
        if self._follow is None:
            self._follow = self.conversation.follow()
        for _ in range(events):
            try:
                event = await anext(self._follow)
            except StopAsyncIteration:
                self._follow = None
                return
            await self._take_in(event)

    async def _take_in(self, event: ConversationEvent) -> None:
        match event:
            case NotSent(text):
                self.theirs += [text] if text else []
            case GivenBack(messages):
                self.theirs += messages
            case QuestionSaved(node_id):
                _, nodes = await self._store.load(self.conversation.session.conversation.id)
                assert node_id in {node.id for node in nodes}
                assert node_id not in self._saved
                self._saved.append(node_id)

    async def close(self) -> None:
        """Look away: nothing runs any more."""
        if self._follow is not None:
            await self._follow.aclose()
            self._follow = None
        if unsent := self.conversation.take_unsent():
            self.theirs.append(unsent)
        assert not self.conversation.is_answering

    # What holds at all times

    def _questions(self) -> list[Node]:
        return [node for node in self.conversation.session.tree.nodes() if node.message.role is Role.USER]

    async def check(self) -> None:
        """Hold what has to hold whatever was done."""
        conversation, session = self.conversation, self.conversation.session
        asked = [node.message.text for node in self._questions()]
        accounts = [asked, *[[*map(as_message, texts)] for texts in (conversation.outbox.messages, self.theirs)]]
        account = Counter(text for texts in (*accounts, self.commands) for text in texts)
        lost = Counter(map(as_message, self.submitted)) - account
        assert set(account.values()) <= {1}, f"twice: {account}"
        assert lost.total() <= conversation.is_answering, f"lost: {lost}"
        check_sendable(sendable_messages(session.path))
        self._check_state()
        if not conversation.is_answering:
            assert not conversation.unsaved
            waiting = [call.id for call in conversation.calls.calls if call.state is CallState.WAITING]
            assert waiting == [call.id for call in session.pending_calls]
            if not self._store.was_full:
                await self.check_stored()

    def _check_state(self) -> None:
        conversation = self.conversation
        expected = State.IDLE
        if conversation.is_answering:
            expected = State.ANSWERING
        elif not conversation.session.conversation.model:
            expected = State.OPENING
        elif conversation.session.pending_calls:
            expected = State.WAITING
        assert conversation.state is expected
        assert conversation.is_answering or not conversation.is_due

    async def check_stored(self) -> None:
        """Hold that what is on disk is the tree."""
        session = self.conversation.session
        if len(session.tree):
            _, nodes = await self._store.load(session.conversation.id)
            assert {node.id: node for node in nodes} == {node.id: node for node in session.tree.nodes()}

    def check_order(self) -> None:
        """Hold that messages went, and wait, in the order in which they were typed."""
        asked = [node.message.text for node in self._questions()]
        numbers = [int(text.rpartition(" ")[2]) for text in (*asked, *self.conversation.outbox.messages)]
        assert numbers == sorted(numbers)


def people(services: Services, store: FailingStore, answers: Answers, number: int) -> list[Person]:
    """So many people, each with a conversation of their own over the same services."""
    from tui_chat.chat.session import Session

    everybody = [Person(OpenConversation(Session.new(services)), store) for _ in range(number)]

    def stop_all() -> None:
        for person in everybody:
            person.conversation.stop()

    answers.hangs = stop_all
    return everybody
