"""Questions that are put otherwise after a refusal: what is remembered, for how long, and what comes back of it."""

import json

from msgspec.structs import replace

from tests.client.asking import WITH_OPTIONS, Asker
from tests.client.test_before_the_answer import GOOD, refuse
from tests.gateways.fault import FaultGateway, say
from tests.providers.streams import END_CALLS, calls
from tui_chat.core.reply import fold
from tui_chat.core.request import Sampling, ToolDefinition
from tui_chat.providers.learned import Learned


async def test_a_field_that_was_refused_for_its_value_is_sent_with_another_one() -> None:
    refusal = {"error": {"message": "Unsupported value: 'temperature' does not support 0.5 with this model."}}
    otherwise = replace(WITH_OPTIONS, sampling=Sampling(temperature=1.0))
    async with FaultGateway(refuse("400 No", refusal), GOOD) as gateway, Asker(gateway.base_url) as asker:
        replies = [fold(await asker.ask(request)) for request in (WITH_OPTIONS, otherwise, WITH_OPTIONS)]

    assert [reply.left_out for reply in replies] == [("temperature",), (), ("temperature",)]
    assert ["temperature" in json.loads(caller.body) for caller in gateway.callers] == [True, False, True, False]


async def test_what_was_learned_of_a_gateway_outlives_the_connection() -> None:
    refusal = {"error": {"message": "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."}}
    learned = Learned()
    async with FaultGateway(refuse("400 No", refusal), GOOD) as gateway:
        for _ in range(2):
            async with Asker(gateway.base_url, learned=learned) as asker:
                await asker.ask(WITH_OPTIONS)

    assert len(gateway.callers) == 3


async def test_nothing_is_learned_from_a_change_that_did_not_help() -> None:
    refusal = {"error": {"message": "Unknown parameter: 'max_completion_tokens', not supported: 'max_tokens'"}}
    async with FaultGateway(refuse("400 No", refusal)) as gateway, Asker(gateway.base_url) as asker:
        for _ in range(2):
            await asker.ask(WITH_OPTIONS)

    sent = [json.loads(caller.body) for caller in gateway.callers]
    assert ["max_tokens" in body for body in sent] == [True, False, True, False]


async def test_a_tool_whose_name_nobody_takes_is_called_by_its_own() -> None:
    body = calls({"index": 0, "id": "a", "function": {"name": "clock_time", "arguments": "{}"}}) + END_CALLS
    asked = replace(WITH_OPTIONS, tools=(ToolDefinition("clock.time", "", {"type": "object"}),))
    async with FaultGateway(say(body)) as gateway, Asker(gateway.base_url) as asker:
        reply = fold(await asker.ask(asked))

    sent = json.loads(gateway.callers[0].body)
    assert sent["tools"][0]["function"]["name"] == "clock_time"
    assert [call.name for call in reply.tool_calls] == ["clock.time"]
