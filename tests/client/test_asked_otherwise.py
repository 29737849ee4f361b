"""Refusals as users of other clients met them, over the wire: what is asked next, what is said, what is remembered."""

import json

from tests.client.asking import WITH_OPTIONS, Asker
from tests.client.test_before_the_answer import GOOD, refuse
from tests.gateways.fault import Caller, FaultGateway, say, say_and_stay
from tests.providers.streams import DONE, chunk, data, text
from tui_chat.client.http import Limits
from tui_chat.core.parts import Image, Message, Role, Text, ToolCall, ToolResult, user_message
from tui_chat.core.reply import fold
from tui_chat.core.request import Request
from tui_chat.core.stream_events import FieldLeftOut, Outcome

WHOLE = {
    "id": "c",
    "object": "chat.completion",
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
}


async def test_a_model_without_tools_is_asked_without_them_said_each_time_and_remembered() -> None:
    """SamSaffron/term-llm#385, tinyhumansai/openhuman#2787"""
    words = "registry.ollama.ai/library/gemma3:1b does not support tools"
    refusal = refuse("400 No", {"error": {"message": words}})
    async with FaultGateway(refusal, GOOD) as gateway, Asker(gateway.base_url) as asker:
        first, second = await asker.ask(WITH_OPTIONS), await asker.ask(WITH_OPTIONS)

    sent = [set(json.loads(caller.body)) for caller in gateway.callers]
    assert sent[0] - sent[1] == {"tools", "parallel_tool_calls"}
    assert sent[1] == sent[2]
    assert len(sent) == 3
    assert [event for event in first if isinstance(event, FieldLeftOut)] == [FieldLeftOut("tools", words)]
    assert [fold(events).left_out for events in (first, second)] == [("tools",)] * 2


async def test_an_answer_that_may_not_be_streamed_comes_whole() -> None:
    """charmbracelet/crush#422"""
    error = {"message": "Your organization must be verified to stream this model.", "param": "stream"}

    async def script(caller: Caller) -> None:
        asked = json.loads(caller.body)
        answer = refuse("400 No", {"error": error}) if asked.get("stream") else say(json.dumps(WHOLE).encode())
        await answer(caller)

    async with FaultGateway(script) as gateway, Asker(gateway.base_url) as asker:
        replies = [fold(await asker.ask()), fold(await asker.ask())]

    assert [(reply.text, reply.outcome, reply.left_out) for reply in replies] == [
        ("Hello", Outcome.COMPLETE, ("stream",))
    ] * 2
    assert ["stream_options" in json.loads(caller.body) for caller in gateway.callers] == [True, False, False]


async def test_a_template_that_refuses_the_history_is_not_asked_the_same_again() -> None:
    """sipeed/picoclaw#207"""
    jinja = "Jinja Exception: After the optional system message, conversation roles must alternate user and assistant."
    history = (
        user_message("hi"),
        Message(Role.ASSISTANT, (ToolCall("a", "f", "{}"),)),
        Message(Role.TOOL, (ToolResult("a", "f", "1"),)),
        user_message("and?"),
    )
    refusal = refuse("500 Template", {"error": {"code": 500, "message": jinja}})
    async with FaultGateway(refusal, GOOD) as gateway, Asker(gateway.base_url) as asker:
        reply = fold(await asker.ask(Request("m", history)))

    roles = [[message["role"] for message in json.loads(caller.body)["messages"]] for caller in gateway.callers]
    assert roles == [["user", "assistant", "tool", "user"], ["user", "assistant", "tool", "assistant", "user"]]
    assert (reply.outcome, reply.retries) == (Outcome.COMPLETE, 0)


async def test_a_conversation_with_pictures_goes_on_with_a_model_that_sees_none() -> None:
    """BigPizzaV3/CodexPlusPlus#631, nexu-io/nexu#875"""
    history = (
        user_message("look", (Image("data:image/png;base64,AAAA", "a.png"),)),
        Message(Role.ASSISTANT, (Text("A lighthouse."),)),
        user_message("and?"),
    )
    nowhere = {"error": {"message": "No endpoints found that support image input", "code": 404}}
    async with FaultGateway(refuse("404 Not Found", nowhere), GOOD) as gateway, Asker(gateway.base_url) as asker:
        reply = fold(await asker.ask(Request("m", history)))

    assert json.loads(gateway.callers[1].body)["messages"][0]["content"] == "(The picture a.png was here.)\n\nlook"
    assert (reply.outcome, reply.left_out) == (Outcome.COMPLETE, ("images",))


async def test_usage_behind_the_marker_counts() -> None:
    """Continuum-AI-Corp/OrcaRouter-Lite#127"""
    late = data({"choices": [], "usage": WHOLE["usage"]})

    async def script(caller: Caller) -> None:
        await caller.begin()
        await caller.write(text("Hello") + chunk(finish="stop") + DONE)
        await caller.write(late)

    async with FaultGateway(script) as gateway, Asker(gateway.base_url) as asker:
        reply = fold(await asker.ask())

    assert reply.counts is not None
    assert reply.counts.total_tokens == 5


async def test_a_reason_and_an_open_connection_are_an_end() -> None:
    """musistudio/claude-code-router#1271, maximhq/bifrost#6784"""
    body = text("Hello") + chunk(finish="stop") + b": keep-alive\n\n"
    limits = Limits(usage_wait_s=0.1, usage_wait_in_all_s=0.3)
    async with FaultGateway(say_and_stay(body)) as gateway, Asker(gateway.base_url, limits) as asker:
        reply = fold(await asker.ask())

    assert (reply.text, reply.outcome, reply.finish_reason) == ("Hello", Outcome.COMPLETE, "stop")
