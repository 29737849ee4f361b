"""Whatever is done to messages, in whatever order: what is sent is what is shown as sent, and nothing is ever gone."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.fakes import make_services
from tests.memory_store import MemoryStore
from tui_chat.chat.session import Session
from tui_chat.core.parts import Role
from tui_chat.core.request import Request
from tui_chat.core.sending import sent_nodes
from tui_chat.core.stream_events import Connected, Outcome, Stopped, StreamEvent, TextDelta
from tui_chat.core.tree import Node
from tui_chat.workspace import compacting, shaping
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.refusal import CommandRefused

DEEDS = (
    *("ask", "ask", "ask", "mute", "pin", "note", "edit question", "edit answer", "again", "continue"),
    *("variant", "compact", "undo compacting", "undo", "go to", "delete", "delete", "bring back"),
)
AT_ONCE = frozenset({"mute", "pin", "note", "edit answer", "variant", "undo compacting", "go to", "delete"})
"""What asks nobody."""


@dataclass
class Answers:
    """A completer whose answers have a word of their own each, and of which every third is cut."""

    requests: list[Request] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        """One answer."""
        self.requests.append(request)
        number = next(self.numbers)
        yield Connected()
        yield TextDelta(f"<a{number}> " + "word " * 40)
        yield Stopped(Outcome.TRUNCATED if number % 3 == 2 else Outcome.COMPLETE, None if number % 3 == 2 else "stop")

    async def close(self) -> None:
        """Nothing is open."""


class Person:
    """Somebody who does anything, and keeps account of all that was ever there."""

    def __init__(self) -> None:
        self.answers = Answers()
        services = replace(make_services(store=MemoryStore()), completer=self.answers)
        self.conversation = OpenConversation(Session.new(services))
        self.words = count()
        self.seen: dict[str, Node] = {}

    async def do(self, deed: str, number: int) -> None:
        """Do something, and check what was sent for it."""
        asked, path = len(self.answers.requests), self.conversation.session.path
        with suppress(CommandRefused):
            await self._do(deed, str(number % max(1, len(path)) + 1))
            done = self.conversation.session.path
            if deed in AT_ONCE and done != path:
                await shaping.undo(self.conversation)
                assert self.conversation.session.path == path
                await self._do(deed, str(number % max(1, len(path)) + 1))
                assert [_word(node)[:2] for node in self.conversation.session.path] == [
                    _word(node)[:2] for node in done
                ]
        await self._follow()
        if len(self.answers.requests) > asked:
            self._check_sent(deed)
        self._check_there()

    async def _follow(self) -> None:
        async for _ in self.conversation.follow():
            pass

    async def _do(self, deed: str, number: str) -> None:
        conversation = self.conversation
        word = f"<q{next(self.words)}>"
        match deed:
            case "ask":
                conversation.submit(word)
            case "mute":
                await shaping.toggle_muted(conversation, shaping.marked(conversation, number))
            case "pin":
                await shaping.toggle_pinned(conversation, shaping.marked(conversation, number))
            case "delete":
                await shaping.toggle_deleted(conversation, shaping.deleted(conversation, number))
            case "bring back":
                for node in conversation.session.tree.nodes():
                    if node.marks.is_deleted:
                        await shaping.toggle_deleted(conversation, node)
            case "note":
                await shaping.note(conversation, word)
            case "edit question":
                node = shaping.edited(conversation, number)
                if node.message.role is Role.USER:
                    conversation.edit(node)
                    conversation.submit(word)
            case "edit answer":
                node = shaping.edited(conversation, number)
                if node.message.role is Role.ASSISTANT:
                    await shaping.edit_answer(conversation, node, word)
            case "again":
                shaping.ask_again(conversation, shaping.asked(conversation))
            case "continue":
                await shaping.continue_answer(conversation, shaping.continued(conversation, number))
            case "variant":
                await shaping.turn_variant(conversation, shaping.varied(conversation), 1)
            case "compact":
                compacting.compact(conversation, "")
            case "undo compacting":
                await compacting.undo_compacting(conversation)
            case "undo":
                await shaping.undo(conversation)
            case _:
                nodes = conversation.session.tree.nodes()
                if nodes:
                    await shaping.go_to(conversation, nodes[int(number) % len(nodes)])

    def _check_sent(self, deed: str) -> None:
        """Every word of what is sent is in the request, and no word of anything else."""
        session = self.conversation.session
        before = session.path[:-1]
        summary = session.path[-1].marks.summary
        if summary is not None and deed == "compact":
            tail_at = next((at for at, node in enumerate(before) if node.id == summary.tail_id), len(before))
            before = before[:tail_at]
        sent = {_word(node) for node in sent_nodes(before)}
        text = "".join(message.text for message in self.answers.requests[-1].messages)
        everything = {_word(node) for node in session.tree.nodes()}
        assert {word for word in everything if word in text} == sent

    def _check_there(self) -> None:
        """Nothing that was ever said is gone, or says something else."""
        tree = self.conversation.session.tree
        for id_, node in self.seen.items():
            there = tree.get(id_)
            assert there is not None
            assert there.message == node.message
        self.seen = {node.id: node for node in tree.nodes()}


def _word(node: Node) -> str:
    return node.message.text.partition(">")[0] + ">"


async def live(deeds: list[tuple[str, int]]) -> None:
    person = Person()
    for deed, number in deeds:
        await person.do(deed, number)
    stored = await Session.resume(person.conversation.services, person.conversation.id) if person.seen else None
    if stored is not None:
        assert stored.path == person.conversation.session.path
        assert {node.id: node for node in stored.tree.nodes()} == person.seen


@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 30)), min_size=5, max_size=40))
def test_what_is_sent_is_what_is_shown_as_sent_and_nothing_is_ever_gone(deeds: list[tuple[str, int]]) -> None:
    asyncio.run(live(deeds))
