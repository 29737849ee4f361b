"""A model that is busy or broken: the next one of the list is asked, where nothing of an answer has come."""

import asyncio
import gc
import json
from collections.abc import Sequence

import httpx
import pytest
from msgspec.structs import replace

from tests.client.asking import QUESTION, QUICK, Asker
from tests.gateways.fault import Caller, FaultGateway, Script, say
from tests.providers.streams import PAGE_TEXT
from tui_chat.client.http import HttpConnection, Limits
from tui_chat.client.retry import RetryPolicy
from tui_chat.core.answer import Fallback
from tui_chat.core.reply import fold
from tui_chat.core.stream_events import FellBack, Outcome, StreamEvent

GOOD = say(PAGE_TEXT)
ONCE = Limits(connect_s=1.0, headers_s=0.3, silence_s=1.0, retry=RetryPolicy(retries=0))
LONG_S = 30.0
LISTED = replace(QUESTION, fallbacks=("second/model", "third/model"))


def refuse(status: str, **headers: str) -> Script:
    body = {"error": {"message": f"It is {status}.", "type": "t", "code": "c"}}
    return say(json.dumps(body).encode(), status, "application/json", **headers)


def switches(events: Sequence[StreamEvent]) -> list[tuple[str, str]]:
    return [(event.failed, event.model) for event in events if isinstance(event, FellBack)]


async def test_the_next_models_are_asked_in_their_order_and_the_answer_says_so() -> None:
    async with FaultGateway(refuse("503 Down"), refuse("429 Busy"), GOOD) as gateway:
        async with Asker(gateway.base_url, ONCE) as asker:
            events = await asker.ask(LISTED)
        asked = [json.loads(caller.body)["model"] for caller in gateway.callers]
    assert asked == ["some/model", "second/model", "third/model"]
    assert switches(events) == [("some/model", "second/model"), ("second/model", "third/model")]
    reply = fold(events, "some/model")
    assert reply.outcome is Outcome.COMPLETE
    assert reply.requested_model == "some/model"
    assert [(each.model, each.status) for each in reply.fell_back] == [("some/model", 503), ("second/model", 429)]


async def test_where_the_service_has_no_list_of_fallbacks_the_client_goes_on_with_it() -> None:
    unknown = say(b'{"error":{"message":"Unrecognized request argument supplied: models"}}', "400 Bad")
    async with FaultGateway(unknown, refuse("503 Down"), GOOD) as gateway:
        async with Asker(gateway.base_url, ONCE) as asker:
            events = await asker.ask(LISTED)
        first, second, third = (json.loads(caller.body) for caller in gateway.callers)
    assert (first["models"], first["route"]) == (["some/model", "second/model", "third/model"], "fallback")
    assert second["model"] == "some/model"
    assert second.keys().isdisjoint({"models", "route"})  # one means nothing without the other
    assert third["model"] == "second/model"
    assert switches(events) == [("some/model", "second/model")]


async def test_a_model_is_asked_again_before_the_next_one_is() -> None:
    async with FaultGateway(refuse("502 Bad"), GOOD) as gateway, Asker(gateway.base_url, QUICK) as asker:
        events = await asker.ask(LISTED)
    assert switches(events) == []


async def test_a_long_wait_is_not_waited_for_while_another_model_may_answer() -> None:
    async with (
        FaultGateway(refuse("429 Busy", retry_after="30"), GOOD) as gateway,
        Asker(gateway.base_url, QUICK) as asker,
    ):
        events = await asker.ask(LISTED)
    assert switches(events) == [("some/model", "second/model")]
    assert asker.slept_s == []


async def test_what_the_person_has_to_mend_leads_to_no_other_model() -> None:
    for status in ("400 Wrong", "401 Who", "402 Pay", "404 Where"):
        async with FaultGateway(refuse(status), GOOD) as gateway:
            async with Asker(gateway.base_url, ONCE) as asker:
                events = await asker.ask(LISTED)
            assert len(gateway.callers) == 1
        assert switches(events) == []


async def test_after_the_first_word_no_other_model_is_asked() -> None:
    cut = say(PAGE_TEXT[: len(PAGE_TEXT) // 2])
    async with FaultGateway(cut, GOOD) as gateway:
        async with Asker(gateway.base_url, ONCE) as asker:
            events = await asker.ask(LISTED)
        assert len(gateway.callers) == 1
    assert switches(events) == []
    assert fold(events).outcome is Outcome.TRUNCATED


async def test_where_every_model_fails_the_last_failure_is_told() -> None:
    async with (
        FaultGateway(refuse("503 a"), refuse("503 b"), refuse("500 c")) as gateway,
        Asker(gateway.base_url, ONCE) as asker,
    ):
        reply = fold(await asker.ask(LISTED), "some/model")
    assert reply.outcome is Outcome.ERROR
    assert reply.failure is not None
    assert reply.failure.status == 500
    assert not reply.may_have_cost
    assert Fallback("second/model", reply.fell_back[1].why, 503) == reply.fell_back[1]


async def stay_silent(caller: Caller) -> None:
    await caller.until_hung_up()


async def load_what_asks() -> None:
    """Have nothing stand in the way of what is timed: the first request of a process imports, and the garbage of
    thousands of tests takes a second to look through."""
    async with FaultGateway(GOOD) as gateway, Asker(gateway.base_url) as asker:
        await asker.ask()
    gc.collect()


async def test_what_has_to_be_loaded_first_is_no_time_of_the_model_s(monkeypatch: pytest.MonkeyPatch) -> None:
    await load_what_asks()
    client = HttpConnection.client

    async def late(self: HttpConnection) -> httpx.AsyncClient:
        await asyncio.sleep(0.8)
        return await client(self)

    monkeypatch.setattr(HttpConnection, "client", late)
    limits = replace(ONCE, connect_s=LONG_S, headers_s=LONG_S, fallback_after_s=0.5)
    async with FaultGateway(GOOD) as gateway, Asker(gateway.base_url, limits) as asker:
        assert switches(await asker.ask(LISTED)) == []


async def test_a_model_that_does_not_answer_in_time_leads_on_only_where_that_was_asked_for() -> None:
    await load_what_asks()
    for headers_s, after_s, asked in ((0.3, None, ["some/model"]), (LONG_S, 1.0, ["some/model", "second/model"])):
        limits = replace(ONCE, connect_s=LONG_S, headers_s=headers_s, fallback_after_s=after_s)
        async with FaultGateway(stay_silent, GOOD) as gateway:
            async with Asker(gateway.base_url, limits) as asker:
                reply = fold(await asker.ask(LISTED), "some/model")
            assert [json.loads(caller.body)["model"] for caller in gateway.callers] == asked
        assert [(each.model, each.status) for each in reply.fell_back] == [("some/model", None)] * (len(asked) - 1)
        assert (reply.outcome is Outcome.COMPLETE) == (after_s is not None)


async def test_a_request_that_was_sent_may_be_billed_and_one_that_never_left_may_not() -> None:
    await load_what_asks()
    for scheme, may_be_billed, then in (("http", True, GOOD), ("https", False, stay_silent)):
        limits = replace(ONCE, connect_s=LONG_S, headers_s=2.0, fallback_after_s=1.0)
        async with (
            FaultGateway(stay_silent, then) as gateway,
            Asker(gateway.base_url.replace("http", scheme), limits) as asker,
        ):
            events = await asker.ask(replace(QUESTION, fallbacks=("second/model",)))
        (event,) = [event for event in events if isinstance(event, FellBack)]
        assert event.failure.may_be_billed is may_be_billed


async def test_the_last_model_of_the_list_has_all_the_time_that_any_other_has() -> None:
    async def late(caller: Caller) -> None:
        await caller.pause(0.15)
        await GOOD(caller)

    limits = replace(ONCE, headers_s=5.0, fallback_after_s=0.05)
    async with FaultGateway(late) as gateway, Asker(gateway.base_url, limits) as asker:
        reply = fold(await asker.ask(QUESTION))
    assert reply.outcome is Outcome.COMPLETE
