"""Several open conversations: one is shown, the others go on, and none is open twice."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.fakes import Step, make_services
from tests.memory_store import MemoryStore
from tests.workspace.conversing import (
    ClosableCompleter,
    FailingStore,
    calling,
    completer_of,
    elsewhere,
    hanging,
    saying,
)
from tests.workspace.people import ENDINGS, Answers
from tui_chat.chat.services import Gateway, Services
from tui_chat.chat.session import Session
from tui_chat.core.errors import StoreError
from tui_chat.core.parts import Role
from tui_chat.core.tree import Conversation
from tui_chat.workspace.events import ConversationEvent, GivenBack, NotSent
from tui_chat.workspace.followed import Followed, Rested, Standing, Watch
from tui_chat.workspace.open_conversations import OpenConversations
from tui_chat.workspace.refusal import CommandRefused


class Desk:
    """Somebody with several open conversations and no screen."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.opened = OpenConversations(self._told)
        self.news: list[tuple[str, Standing]] = []
        self.theirs: list[str] = []
        """Texts that are the person's again."""
        self.watch = Watch(self._saw, self.theirs.append, lambda: None)
        self.tasks: set[asyncio.Task[None]] = set()
        self.opened.shown.conversation.open(Session.new(services))
        self.opened.shown.watch(self.watch)

    def _told(self, followed: Followed, event: ConversationEvent | Rested) -> None:
        if isinstance(event, Rested):
            self.news.append((followed.title, followed.standing))

    def _saw(self, event: ConversationEvent) -> None:
        match event:
            case NotSent(text) if text:
                self.theirs.append(text)
            case GivenBack(messages):
                self.theirs += messages

    def say(self, text: str) -> None:
        """Submit a text where one is."""
        self.opened.shown.conversation.submit(text)
        self.go(self.opened.shown)

    def go(self, followed: Followed) -> None:
        """Follow what is due."""
        if followed.conversation.is_due:
            task = asyncio.create_task(followed.follow())
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def show(self, session: Session) -> None:
        """Go there, as a screen does."""
        shown = self.opened.show(session)
        self.theirs += shown.take_returned()
        shown.watch(self.watch)
        for each in self.opened.others:
            if each.is_free:
                await self.opened.let_go(each)

    async def begin(self) -> None:
        """Begin a new one."""
        await self.show(Session.new(self.opened.shown.conversation.services))

    def stop(self) -> None:
        """Stop all of them."""
        for each in self.opened.all:
            each.conversation.stop()

    async def rest(self) -> None:
        """Wait until nothing runs."""
        while self.tasks:
            await asyncio.wait(self.tasks)


def desk(*scripts: Iterable[Step], store: MemoryStore | None = None) -> Desk:
    return Desk(make_services(ClosableCompleter(*scripts), store=store))


async def test_nothing_is_stopped_and_each_says_how_it_stands() -> None:
    gate = asyncio.Event()
    here = desk(saying("one", gate), hanging("two"), calling("time"))
    for text in ("first", "second", "third"):
        here.say(text)
        await asyncio.sleep(0)
        await here.begin()
    await until(lambda: here.news == [("third", Standing.ASKS)])
    assert here.opened.at_work == 2
    gate.set()
    await until(lambda: len(here.news) == 2)
    rows = [(row.title, row.standing, row.messages) for row in here.opened.rows()]
    assert rows == [("third", Standing.ASKS, 2), ("second", Standing.BUSY, 2), ("first", Standing.UNREAD, 2)]
    assert [each.title for each in here.opened.running] == ["second"]
    here.opened.others[1].conversation.stop()
    await here.rest()


async def until(is_so: Callable[[], object]) -> None:
    """Let everything run until something is so."""
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0)


async def test_a_conversation_that_is_open_is_found_by_its_id_and_by_the_beginning_of_it() -> None:
    here = desk(hanging("one"))
    here.say("first")
    session = here.opened.shown.conversation.session
    await until(lambda: session.path)
    await here.begin()
    for prefix in (session.conversation.id, session.conversation.id[:4]):
        assert await here.opened.resume(prefix) is session
    await here.show(session)
    assert here.opened.shown.conversation.session is session
    assert here.opened.shown.conversation.is_answering
    assert not here.opened.others
    here.opened.shown.conversation.stop()
    await here.rest()


async def test_what_rests_is_let_go_of_and_read_from_the_store_again() -> None:
    here = desk(saying("one"))
    here.say("first")
    await here.rest()
    session = here.opened.shown.conversation.session
    await here.begin()
    assert not here.opened.others
    again = await here.opened.before()
    assert again is not session
    assert again.conversation == session.conversation
    await here.show(again)
    assert not (await here.opened.before()).path


async def test_what_is_not_saved_stays_open_until_it_is() -> None:
    store = FailingStore()
    here = desk(saying("one"), saying("two"), store=store)
    here.say("first")
    await here.rest()
    session = here.opened.shown.conversation.session
    await here.begin()
    assert [(row.title, row.words) for row in here.opened.rows()] == [("first", "not saved")]
    assert await here.opened.resume(session.conversation.id[:3]) is session
    store.is_full = False
    await here.services.unsaved.save_again()
    await here.begin()
    assert not here.opened.others
    assert (await here.opened.resume(session.conversation.id)).path == session.path


async def test_there_is_nothing_before_the_first_one() -> None:
    with pytest.raises(CommandRefused, match="no conversation to go back to"):
        await desk().opened.before()


async def test_an_unknown_id_is_refused() -> None:
    with pytest.raises(StoreError):
        await desk().opened.resume("nothing")


async def test_connections_are_closed_once_no_conversation_uses_them() -> None:
    gate = asyncio.Event()
    here = desk(saying("one", gate))
    here.say("first")
    session = here.opened.shown.conversation.session
    await until(lambda: session.path)
    await here.begin()
    there = elsewhere(here.opened.shown.conversation)
    first = completer_of(here.opened.shown.conversation)
    await here.opened.connect(there)
    assert not first.is_closed
    gate.set()
    await here.rest()
    await here.show(session)
    assert not first.is_closed
    await here.opened.connect(there)
    assert first.is_closed
    await here.opened.close()
    assert completer_of(here.opened.shown.conversation).is_closed


async def test_at_the_end_the_connections_of_all_are_closed() -> None:
    here = desk(calling("time"))
    here.say("first")
    await here.rest()
    first = completer_of(here.opened.shown.conversation)
    await here.begin()
    await here.opened.connect(elsewhere(here.opened.shown.conversation))
    await here.opened.close()
    assert first.is_closed


# Gateways


def requests_of(services: Services) -> list[list[str]]:
    """What was sent there: of each request its messages."""
    assert isinstance(services.completer, ClosableCompleter)
    return [[message.text for message in request.messages] for request in services.completer.requests]


async def test_a_conversation_comes_back_through_the_gateway_that_it_went_through() -> None:
    here = desk(saying("one"), saying("two"))
    here.say("first")
    await here.rest()
    first = here.opened.shown.id
    await here.begin()
    there = elsewhere(here.opened.shown.conversation, saying("three"), saying("four"), default_model="there/model")
    await here.opened.connect(there)
    here.say("second")
    await here.rest()
    second = here.opened.shown.id
    for is_by_id in (False, True):
        await here.show(await (here.opened.resume(first) if is_by_id else here.opened.before()))
        assert here.opened.shown.conversation.services is here.services
        await here.show(await here.opened.resume(second))
        assert here.opened.shown.conversation.services is there
    here.say("more")
    await here.rest()
    await here.show(await here.opened.before())
    here.say("again")
    await here.rest()
    assert requests_of(here.services) == [["first"], ["first", "one", "again"]]
    assert requests_of(there) == [["second"], ["second", "three", "more"]]


async def test_the_beginning_of_an_id_leads_to_the_gateway_too() -> None:
    here = desk(saying("one"))
    await here.services.store.add(Conversation("abc", 1.0, "T", model="m"), ())
    await here.show(await here.opened.resume("abc"))
    there = elsewhere(here.opened.shown.conversation)
    await here.opened.connect(there)
    await here.begin()
    await here.opened.connect(here.services)
    assert (await here.opened.resume("ab")).services is there


async def test_a_conversation_of_another_run_goes_through_the_gateway_of_the_beginning_and_a_new_one_on_in_sight() -> (
    None
):
    here = desk(saying("one"))
    await here.services.store.add(Conversation("old", 1.0, "T", model="m"), ())
    there = elsewhere(here.opened.shown.conversation, saying("two"))
    await here.opened.connect(there)
    here.say("first")
    await here.rest()
    await here.begin()
    assert here.opened.shown.conversation.services is there
    assert (await here.opened.resume("old")).services is here.services


async def test_after_the_demo_a_conversation_of_another_run_goes_through_the_first_gateway_that_was_given() -> None:
    services = make_services(ClosableCompleter(saying("one")))
    demo = replace(services, gateway=Gateway("demo", is_demo=True, has_key=False))
    here = Desk(demo)
    await demo.store.add(Conversation("old", 1.0, "T", model="m"), ())
    here.say("said to the demo")
    await here.rest()
    asked = here.opened.shown.id
    await here.begin()
    first, second = (elsewhere(here.opened.shown.conversation) for _ in range(2))
    second = replace(second, gateway=replace(second.gateway, base_url="http://second.invalid"))
    for services in (first, second):
        await here.opened.connect(services)
    assert (await here.opened.resume("old")).services is first
    assert (await here.opened.resume(asked)).services is demo


async def test_a_new_key_for_a_gateway_counts_for_all_that_come_back_to_it() -> None:
    here = desk(saying("one"))
    here.say("first")
    await here.rest()
    first = here.opened.shown.id
    await here.begin()
    renewed = replace(here.services, completer=ClosableCompleter())
    await here.opened.connect(renewed)
    await here.opened.connect(elsewhere(here.opened.shown.conversation))
    assert (await here.opened.resume(first)).services is renewed


async def test_an_empty_conversation_is_begun_again_at_its_own_gateway() -> None:
    here = desk()
    await here.services.store.add(Conversation("old", 1.0, "T", model="m"), ())
    await here.show(await here.opened.resume("old"))
    await here.begin()
    there = elsewhere(here.opened.shown.conversation, default_model="there/model")
    await here.opened.connect(there)
    await here.show(await here.opened.resume("old"))
    again = await here.opened.before()
    assert (again.services, again.conversation.model) == (there, "there/model")


async def test_each_gateway_has_its_own_recent_models() -> None:
    here = desk(saying("one"), saying("two"))
    await here.opened.shown.conversation.set_model("first/model")
    here.say("first")
    await here.rest()
    first = here.opened.shown.id
    await here.begin()
    shown = here.opened.shown.conversation
    await here.opened.connect(elsewhere(shown, default_model="there/model"))
    await shown.set_model("there/other")
    assert here.opened.shown.conversation.recent.ids == ("there/model", "there/other")
    await here.show(await here.opened.resume(first))
    assert here.opened.shown.conversation.recent.newest_first == ("first/model", "test/model")
    await here.begin()
    assert here.opened.shown.conversation.recent.newest_first == ("first/model", "test/model")


# Whatever people do

DEEDS = (
    "say",
    "say",
    "say",
    "begin",
    "back",
    "go to",
    "go to",
    "stop",
    "result",
    "run",
    "run",
    "full",
    "free",
    "connect",
)


async def live(deeds: list[tuple[str, int]], endings: list[str]) -> None:
    store, answers = FailingStore(is_full=False), Answers.ending(endings)
    here = Desk(replace(make_services(store=store), completer=answers))
    answers.hangs = here.stop
    numbers, said = count(1), list[str]()
    seen: dict[str, Session] = {}
    gateways = [replace(here.services, gateway=Gateway(url, is_demo=False, has_key=True)) for url in ("a", "b")]
    await here.opened.connect(gateways[0])
    goes_through: dict[str, Services] = {}
    for deed, choice in deeds:
        opened, conversation = here.opened, here.opened.shown.conversation
        match deed:
            case "say":
                said.append(f"text {next(numbers)}")
                here.say(said[-1])
            case "begin":
                await here.begin()
            case "back" if opened.others or seen:
                with suppress(CommandRefused, StoreError):
                    await here.show(await opened.before())
            case "go to" if seen:
                id_ = sorted(seen)[choice % len(seen)]
                await here.show(await opened.resume(id_))
            case "stop":
                conversation.stop()
            case "result" if pending := conversation.session.pending_calls:
                await conversation.give_result(pending[choice % len(pending)].id, "noon")
                here.go(opened.shown)
            case "run":
                for _ in range(choice * 5):
                    await asyncio.sleep(0)
            case "full" | "free":
                store.is_full = deed == "full"
            case "connect":
                await opened.connect(gateways[choice % 2])
                goes_through[opened.shown.id] = gateways[choice % 2]
        for each in opened.all:
            if not each.is_empty and each.conversation.session.path:
                seen[each.id] = each.conversation.session
            assert goes_through.setdefault(each.id, each.conversation.services) is each.conversation.services
        check(here)
    store.is_full = False
    await here.rest()
    await here.services.unsaved.save_again()
    await account(here, said)
    assert answers.running == 0


def check(here: Desk) -> None:
    """Hold that none is open twice, that busy ones are followed, and that what is shown is read."""
    ids = [each.id for each in here.opened.all]
    assert len(set(ids)) == len(ids)
    shown = here.opened.shown.standing
    assert shown in (Standing.IDLE, Standing.BUSY, Standing.ASKS)


async def account(here: Desk, said: list[str]) -> None:
    """Hold that each text is in one place: asked in a saved conversation, waiting, or the person's again."""
    texts = list(here.theirs)
    for each in here.opened.all:
        texts += [*each.conversation.outbox.messages, *each.returned]
    for row in await here.services.store.list():
        _, nodes = await here.services.store.load(row.id)
        texts += [node.message.text for node in nodes if node.message.role is Role.USER]
        found = here.opened.find(row.id)
        if found is not None:
            assert {node.id: node for node in nodes} == {n.id: n for n in found.conversation.session.tree.nodes()}
    assert Counter(texts) == Counter(said)


LIVES = (st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 9)), min_size=6, max_size=40), st.lists(
    st.sampled_from(ENDINGS), max_size=8
))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(*LIVES)
@example([("say", 0), ("run", 9), ("begin", 0), ("connect", 1), ("say", 0), ("run", 9), ("back", 0), ("say", 0)], [])
def test_no_text_is_lost_none_is_open_twice_and_none_goes_to_the_gateway_of_another(
    deeds: list[tuple[str, int]], endings: list[str]
) -> None:
    asyncio.run(live(deeds, endings))


@pytest.mark.slow
@settings(max_examples=1_000, deadline=None)
@given(*LIVES)
def test_no_text_is_lost_in_a_thousand_lives(deeds: list[tuple[str, int]], endings: list[str]) -> None:
    asyncio.run(live(deeds, endings))
