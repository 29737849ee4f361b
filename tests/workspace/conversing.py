"""The open conversation without any screen: what a gateway answers is a script, what is told a list of words."""

import asyncio
from collections.abc import AsyncGenerator, Iterable

from msgspec.structs import replace

from tests.fakes import ScriptedCompleter, Step, make_services, opening
from tests.memory_store import MemoryStore
from tui_chat.chat.services import Services
from tui_chat.chat.session import Session
from tui_chat.chat.session_events import AnswerEnded, AnswerStarted, Notice, RoundLimitReached, ToolAsked
from tui_chat.core.errors import ErrorKind, Failure, StoreError
from tui_chat.core.models import ModelInfo
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta, ToolCallDelta
from tui_chat.core.tree import Conversation, Node
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.events import ConversationEvent, GivenBack, NotSent, OutboxChanged, QuestionSaved
from tui_chat.workspace.state import State

FAILURE = Failure(ErrorKind.NETWORK, "The line is dead.", "Try again.")


def saying(*steps: str | Step) -> list[Step]:
    """An answer that ends well; what is no word is done, or waited for, on the way."""
    return [*opening(), *(TextDelta(step) if isinstance(step, str) else step for step in steps), _WELL]


def ending(outcome: Outcome, *words: str) -> list[Step]:
    """An answer that ends in this way after these words."""
    failure = FAILURE if outcome is Outcome.ERROR else None
    return [*opening(), *map(TextDelta, words), Stopped(outcome, "stop", failure)]


def calling(*names: str) -> list[Step]:
    """An answer that calls these tools; each call's id is `call_` and the name."""
    deltas = (ToolCallDelta(at, f"call_{name}", name, "{}") for at, name in enumerate(names))
    return [*opening(), *deltas, Stopped(Outcome.COMPLETE, "tool_calls")]


def hanging(*steps: str | Step) -> list[Step]:
    """An answer that never ends by itself."""
    return saying(*steps)[:-1]


_WELL = Stopped(Outcome.COMPLETE, "stop")


class FailingStore(MemoryStore):
    """Fails to save for as long as it is full."""

    def __init__(self, *, is_full: bool = True) -> None:
        super().__init__()
        self.is_full = self.was_full = is_full

    async def save_conversation(self, conversation: Conversation) -> None:
        """Save it, unless the disk is full."""
        if self.is_full:
            raise StoreError("The disk is full.", "Make room.")
        await super().save_conversation(conversation)


class ClosableCompleter(ScriptedCompleter):
    """Knows whether its connections were let go of."""

    is_closed = False

    async def close(self) -> None:
        """Let go."""
        self.is_closed = True


def talking(
    *scripts: Iterable[Step],
    store: MemoryStore | None = None,
    models: Iterable[ModelInfo] = (),
    default_model: str = "test/model",
    is_temporary: bool = False,
) -> OpenConversation:
    """A new conversation that is answered by these scripts, one after the other."""
    services = make_services(
        ClosableCompleter(*scripts), store=store or MemoryStore(), models=models, default_model=default_model
    )
    return OpenConversation(Session.new(services, is_temporary=is_temporary))


def completer_of(conversation: OpenConversation) -> ClosableCompleter:
    """What answers it."""
    completer = conversation.services.completer
    assert isinstance(completer, ClosableCompleter)
    return completer


async def followed(conversation: OpenConversation) -> list[str]:
    """All that it tells until a person is needed: see `told`."""
    return told([event async for event in conversation.follow()])


async def said(conversation: OpenConversation, text: str) -> list[str]:
    """Submit a text, and follow to the end."""
    conversation.submit(text)
    return await followed(conversation)


async def followed_until(events: AsyncGenerator[ConversationEvent, None], kind: type) -> None:
    """Follow up to the first event of a kind, and leave the iteration open there."""
    async for event in events:
        if isinstance(event, kind):
            return
    raise AssertionError(f"no {kind.__name__} came")


def told(events: Iterable[ConversationEvent]) -> list[str]:
    """Events in a few words, those alone that say what became of something."""
    return [words for event in events if (words := _words(event))]


def _words(event: ConversationEvent) -> str:
    match event:
        case AnswerStarted(None):
            return "asked again"
        case AnswerStarted(Node(message=message)):
            return f"asked {message.text}"
        case QuestionSaved():
            return "saved"
        case AnswerEnded(Node(message=message, answer=info)):
            assert info is not None
            return f"{info.outcome}: {message.text}".removesuffix(": ")
        case ToolAsked(_, call):
            return f"calls {call.name}"
        case RoundLimitReached(limit):
            return f"limit {limit}"
        case Notice(failure):
            return f"notice: {failure.message}"
        case NotSent(text, failure):
            return f"not sent: {text}" + (f" ({failure.message})" if failure else "")
        case OutboxChanged(messages):
            return f"waiting: {', '.join(messages)}".removesuffix(": ")
        case GivenBack(messages):
            return f"given back: {', '.join(messages)}"
        case _:
            return ""


def texts(conversation: OpenConversation) -> list[str]:
    """The texts of the path."""
    return [node.message.text for node in conversation.session.path]


async def stored(conversation: OpenConversation) -> list[Node]:
    """What is on disk of it, in the order of the tree."""
    _, nodes = await conversation.services.store.load(conversation.session.conversation.id)
    return list(nodes)


async def stored_conversation(conversation: OpenConversation) -> Conversation:
    """What is on disk of it as a whole."""
    return (await conversation.services.store.load(conversation.id))[0]


async def until(is_so: asyncio.Event) -> None:
    """Wait for something that the script says."""
    await asyncio.wait_for(is_so.wait(), 5)


def state_of(conversation: OpenConversation) -> State:
    """What it does now; a type checker holds that a property does not change between two claims."""
    return conversation.state


def elsewhere(conversation: OpenConversation, *scripts: Iterable[Step], default_model: str = "") -> Services:
    """What another gateway would answer this conversation through: the same store, other connections."""
    there = talking(*scripts, default_model=default_model).services
    gateway = replace(there.gateway, base_url="http://there.invalid/ai")
    return replace(there, gateway=gateway, store=conversation.services.store, new_id=conversation.services.new_id)
