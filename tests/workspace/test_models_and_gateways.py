"""The model that is asked, found where nobody chose one, and the gateway that it is asked through."""

import asyncio

import pytest
from msgspec.structs import replace

from tests.fakes import FakeCatalog
from tests.memory_store import MemoryStore
from tests.workspace.conversing import (
    FAILURE,
    calling,
    completer_of,
    elsewhere,
    followed,
    hanging,
    said,
    saying,
    state_of,
    stored,
    talking,
    texts,
    until,
)
from tui_chat.chat.session import Session
from tui_chat.core.errors import ChatError, GatewayError, SettingsError
from tui_chat.core.limits import LimitLeft
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.stream_events import Connected
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.recent_models import RECENT_MODELS, RecentModels
from tui_chat.workspace.state import State
from tui_chat.workspace.verbs import next_recent_model

FIRST, SECOND = ModelInfo(id="first/model"), ModelInfo(id="second/model")


class HeldCatalog(FakeCatalog):
    """Says its models once it may."""

    def __init__(self, *models: ModelInfo, fails: bool = False) -> None:
        super().__init__(*models)
        self.is_asked = asyncio.Event()
        self.may_say = asyncio.Event()
        self._fails = fails

    async def read(self, *, refresh: bool = False) -> Catalog:
        self.is_asked.set()
        await self.may_say.wait()
        if self._fails:
            raise GatewayError(FAILURE)
        return await super().read(refresh=refresh)


def without_model(catalog: FakeCatalog) -> OpenConversation:
    services = talking(saying("1"), saying("2"), default_model="").services
    return OpenConversation(Session.new(replace(services, catalog=catalog)))


async def test_the_first_model_that_the_gateway_lists_is_taken() -> None:
    conversation = without_model(FakeCatalog(FIRST, SECOND))
    conversation.submit("hello")
    assert await conversation.find_model()
    assert state_of(conversation) is State.IDLE
    assert not conversation.lacks_model
    assert conversation.recent.ids == ("first/model",)
    assert conversation.submit(conversation.outbox.next())
    await followed(conversation)
    assert completer_of(conversation).requests[0].model == "first/model"


async def test_a_gateway_that_lists_none_is_said_and_what_waits_stays() -> None:
    conversation = without_model(FakeCatalog())
    conversation.submit("hello")
    with pytest.raises(SettingsError):
        await conversation.find_model()
    assert state_of(conversation) is State.OPENING
    assert conversation.outbox.messages == ("hello",)


async def test_a_gateway_that_fails_is_said_and_what_waits_stays() -> None:
    catalog = HeldCatalog(fails=True)
    catalog.may_say.set()
    conversation = without_model(catalog)
    conversation.submit("hello")
    with pytest.raises(ChatError):
        await conversation.find_model()
    assert conversation.lacks_model
    assert conversation.outbox.messages == ("hello",)


async def test_the_model_that_was_chosen_meanwhile_stays() -> None:
    catalog = HeldCatalog(FIRST)
    conversation = without_model(catalog)
    finding = asyncio.ensure_future(conversation.find_model())
    await until(catalog.is_asked)
    await conversation.set_model("second/model")
    catalog.may_say.set()
    assert not await finding
    assert conversation.session.conversation.model == "second/model"


async def test_the_models_of_a_gateway_that_was_left_meanwhile_do_not_count() -> None:
    catalog = HeldCatalog(FIRST)
    conversation = without_model(catalog)
    finding = asyncio.ensure_future(conversation.find_model())
    await until(catalog.is_asked)
    await conversation.use(replace(conversation.services, catalog=FakeCatalog(SECOND)))
    catalog.may_say.set()
    assert not await finding
    assert conversation.lacks_model
    assert await conversation.find_model()
    assert conversation.session.conversation.model == "second/model"


async def test_another_model_counts_from_the_next_question_on() -> None:
    conversation = talking(saying("1"), saying("2"))
    await said(conversation, "a")
    saving = conversation.set_model("other/model")
    conversation.submit("b")  # asked of it, though nothing is saved yet
    await saving
    await followed(conversation)
    assert [request.model for request in completer_of(conversation).requests] == ["test/model", "other/model"]
    loaded, _ = await conversation.services.store.load(conversation.session.conversation.id)
    assert loaded.model == "other/model"


async def test_another_gateway_in_the_midst_of_a_conversation() -> None:
    conversation = talking(saying("1"))
    await said(conversation, "a")
    before = completer_of(conversation)
    await conversation.use(elsewhere(conversation, saying("2"), default_model="there/model"))
    assert before.is_closed
    assert not completer_of(conversation).is_closed
    assert conversation.session.conversation.model == "there/model"
    assert conversation.recent.ids == ("there/model",)
    assert await said(conversation, "b") == ["asked b", "saved", "complete: 2"]
    assert len(completer_of(conversation).requests[0].messages) == 3
    assert await stored(conversation) == list(conversation.session.tree.nodes())


async def test_the_same_completer_is_not_let_go_of() -> None:
    conversation = talking(saying("1"))
    await conversation.use(replace(conversation.services, default_model="other/model"))
    assert not completer_of(conversation).is_closed
    await said(conversation, "a")


async def test_an_answer_that_is_written_while_another_gateway_is_chosen_ends_and_what_waits_waits_on() -> None:
    has_begun, may_end = asyncio.Event(), asyncio.Event()
    conversation = talking(saying("1", has_begun.set, may_end))
    conversation.submit("a")
    conversation.submit("b")
    following = asyncio.ensure_future(followed(conversation))
    await until(has_begun)
    there = elsewhere(conversation, saying("2"))
    await conversation.use(replace(there, catalog=FakeCatalog(SECOND)))
    assert state_of(conversation) is State.ANSWERING
    may_end.set()
    assert await following == ["asked a", "saved", "complete: 1"]
    assert state_of(conversation) is State.OPENING
    assert conversation.outbox.messages == ("b",)
    await conversation.find_model()
    assert conversation.may_go_on
    conversation.send(conversation.outbox.next())
    await followed(conversation)
    assert texts(conversation) == ["a", "1", "b", "2"]


async def test_a_message_that_was_wanted_at_once_is_not_asked_of_no_model() -> None:
    has_begun = asyncio.Event()
    conversation = talking(hanging("Half", has_begun.set))
    conversation.submit("a")
    following = asyncio.ensure_future(followed(conversation))
    await until(has_begun)
    await conversation.use(elsewhere(conversation))
    conversation.submit("b")
    conversation.send_now(0)
    assert (await following)[-1] == "given back: b"


async def test_a_call_keeps_waiting_at_another_gateway() -> None:
    conversation = talking(calling("time"))
    await said(conversation, "when?")
    await conversation.use(elsewhere(conversation, saying("Noon."), default_model="there/model"))
    assert state_of(conversation) is State.WAITING
    await conversation.give_result("call_time", "12:00")
    assert await followed(conversation) == ["asked again", "complete: Noon."]
    assert completer_of(conversation).requests[0].model == "there/model"


async def test_the_limits_are_those_of_the_last_answer_and_of_no_other_gateway() -> None:
    told = Connected((LimitLeft("requests", 59, 60),))
    conversation = talking([told, *saying("a")[1:]], saying("b"), [told, *saying("c")[1:]])
    for question, limits in (("one", told.limits), ("two", ()), ("three", told.limits)):
        await said(conversation, question)
        assert conversation.limits == limits
    await conversation.use(elsewhere(conversation))
    assert conversation.limits == ()


# The models used lately


def test_models_go_round_in_their_places() -> None:
    recent = RecentModels()
    assert recent.after("a") is None
    for model in ("a", "b", "", "c", "b"):
        recent.note(model)
    assert recent.ids == ("a", "b", "c")
    assert recent.newest_first == ("c", "b", "a")
    assert [recent.after(model) for model in ("a", "b", "c", "unknown")] == ["c", "a", "b", "c"]


def test_only_so_many_models_are_recent() -> None:
    recent = RecentModels()
    for number in range(RECENT_MODELS + 3):
        recent.note(f"model/{number}")
    assert recent.ids == tuple(f"model/{number}" for number in range(3, RECENT_MODELS + 3))


async def test_models_that_were_asked_in_another_run_are_gone_through_too() -> None:
    store = MemoryStore()
    before = talking(saying("a"), saying("b"), store=store, default_model="first/model")
    await said(before, "one")
    await before.set_model("second/model")
    await said(before, "two")
    conversation = talking(store=store, default_model="third/model")
    await conversation.recent.recall(conversation.services)
    assert conversation.recent.newest_first == ("third/model", "second/model", "first/model")
    assert next_recent_model(conversation) == "second/model"


async def test_models_of_another_gateway_are_not_gone_through() -> None:
    conversation = talking(saying("a"), saying("b"))
    await said(conversation, "one")
    here = conversation.services
    await conversation.use(elsewhere(conversation, default_model="there/model"))
    assert conversation.recent.ids == ("there/model",)
    await conversation.use(here)
    assert conversation.recent.ids == ("test/model",)
