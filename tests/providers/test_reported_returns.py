"""What models want back, as users of other clients reported it, with the tracker it comes from: the first answer as
bytes, and what the second question must hold."""

import json

import pytest

from tests.providers.streams import DONE, END, call, calls, chunk, decode, text
from tui_chat.chat.history import sendable_history
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.parts import Message, Role, Text, ToolResult
from tui_chat.core.reply import Reply, fold
from tui_chat.core.request import Request, ToolDefinition
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Node, answer_node
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.providers.quirks import Quirks, known_quirks

GATEWAY = "https://gateway/v1"
ENDS_WITH_CALLS = chunk(finish="tool_calls") + DONE
QUESTION = Node("q", None, 0.0, Message(Role.USER, (Text("hi"),)))
LITELLM_ID = "call_a53f__thought__EsYDCsMDAb4+9vs/B2k=" + "x" * 900
RELAY_ID = "googleai-ts1:Y2FsbF84ODE3Nzk.EvUCCvICARFNMg9hnfjo"


def answered(body: bytes, model: str) -> Reply:
    return fold(decode(*(body[at : at + 7] for at in range(0, len(body), 7))), model)


def node_of(reply: Reply, model: str, gateway: str = GATEWAY) -> Node:
    info = {name: getattr(reply, name) for name in AnswerInfo.__struct_fields__}
    return Node("a", "q", 0.0, reply.message, AnswerInfo(**{**info, "gateway": gateway, "requested_model": model}))


def results(reply: Reply) -> tuple[Node, ...]:
    return tuple(
        Node(f"r{at}", "a", 0.0, Message(Role.TOOL, (ToolResult(call.id, call.name, "1"),)))
        for at, call in enumerate(reply.tool_calls)
    )


def sent_raw(
    body: bytes, model: str, *, asked: str = "", gateway: str = GATEWAY, quirks: Quirks | None = None
) -> bytes:
    """The second question after an answer with this body."""
    reply = answered(body, model)
    path = (QUESTION, node_of(reply, model), *results(reply))
    if not reply.tool_calls:
        path += (QUESTION,)
    messages, origins = sendable_history(path)
    tools = (ToolDefinition("f", "", {"type": "object"}),)
    request = Request(asked or model, tuple(messages), tools=tools, gateway=gateway, origins=origins)
    return OpenAIChat().request(request, quirks or known_quirks(request.model)).body


def sent(
    body: bytes, model: str, *, asked: str = "", gateway: str = GATEWAY, quirks: Quirks | None = None
) -> list[JsonObject]:
    messages: list[JsonObject] = json.loads(sent_raw(body, model, asked=asked, gateway=gateway, quirks=quirks))[
        "messages"
    ]
    return messages


def ids(messages: list[JsonObject]) -> list[object]:
    """The ids of the calls, then of the results."""
    made = [each["id"] for message in messages for each in message.get("tool_calls", [])]  # type: ignore[union-attr,index,call-overload]  # JSON
    return [*made, *(message["tool_call_id"] for message in messages if message["role"] == "tool")]


@pytest.mark.parametrize(
    ("id_", "model"),
    [
        (LITELLM_ID, "gemini/gemini-3.1-pro"),  # BerriAI/litellm#37849
        (RELAY_ID, "gemini-3.8-flash"),  # can1357/oh-my-pi#10749
        ("functions.Read:0", "moonshotai/kimi-k2"),  # MoonshotAI/kimi-code#2503, vybestack/llxprt-code#713
        ("chatcmpl-tool-" + "0d1e2f3a" * 5, "qwen3"),  # vllm-project/vllm, to itself
    ],
)
def test_an_id_goes_back_as_it_came_to_whoever_gave_it_and_to_nobody_else(id_: str, model: str) -> None:
    body = calls(call("{}", index=0, id=id_, name="Read")) + ENDS_WITH_CALLS

    assert ids(sent(body, model)) == [id_, id_]
    for foreign in (sent(body, model, asked="openai/gpt-5"), sent(body, model, gateway="https://other/v1")):
        first, second = ids(foreign)
        assert first == second != id_
        assert len(str(first)) == 9
    assert ids(sent(body, model, quirks=Quirks(short_ids=True)))[0] != id_


def test_an_id_that_comes_twice_is_another_one_and_details_follow_it() -> None:
    """sgl-project/sglang#33343, with the details that OpenRouter ties to calls by their ids."""
    details = chunk(
        {"reasoning_details": [{"type": "reasoning.encrypted", "id": "exec:80", "data": "EsYD+/=", "index": 0}]}
    )
    reply = answered(calls(call("{}", index=0, id="exec:80", name="f")) + details + ENDS_WITH_CALLS, "kimi-k3")
    path = (QUESTION, *(node for _ in range(2) for node in (node_of(reply, "kimi-k3"), *results(reply))))
    messages, origins = sendable_history(path)
    request = Request("kimi-k3", tuple(messages), gateway=GATEWAY, origins=origins)
    history: list[JsonObject] = json.loads(OpenAIChat().request(request).body)["messages"]

    first, second, first_result, second_result = ids(history)
    assert (first, first_result) == ("exec:80", "exec:80")
    assert second == second_result != "exec:80"
    tied = [message["reasoning_details"] for message in history if "reasoning_details" in message]
    assert tied == [
        [{"type": "reasoning.encrypted", "id": id_, "data": "EsYD+/=", "index": 0}] for id_ in (first, second)
    ]


def test_readable_and_encrypted_thoughts_of_copilot_go_back_together() -> None:
    """anomalyco/opencode#8900, and #46022: the encrypted half comes behind the first words."""
    body = chunk({"reasoning_text": "hm"}) + text("so") + chunk({"reasoning_opaque": "b64=="}) + END
    answer = sent(body, "claude-sonnet-4")[1]

    assert answer == {"role": "assistant", "content": "so", "reasoning_text": "hm", "reasoning_opaque": "b64=="}
    assert set(sent(body, "claude-sonnet-4", asked="gpt-5")[1]) == {"role", "content"}


def test_thoughts_that_are_hidden_from_us_go_back_too() -> None:
    """BerriAI/litellm#9058"""
    blocks = [{"type": "redacted_thinking", "data": "ErYECkYIARgCKkAdMlvl+/="}]
    body = chunk({"thinking_blocks": blocks}) + calls(call("{}", index=0, id="toolu_1", name="f")) + ENDS_WITH_CALLS

    assert sent(body, "claude-sonnet-4")[1]["thinking_blocks"] == blocks


def test_signed_thoughts_stand_before_the_calls_that_they_led_to() -> None:
    """anomalyco/opencode#3077"""
    pieces: tuple[JsonObject, ...] = (
        {"type": "thinking", "thinking": "Let me ", "signature": None},
        {"type": "thinking", "thinking": "see.", "signature": None},
        {"type": "thinking", "thinking": "", "signature": "EqQBCkYIBBgC+/="},
    )
    body = b"".join(chunk({"reasoning_content": piece["thinking"], "thinking_blocks": [piece]}) for piece in pieces)
    answer = sent(body + calls(call("{}", index=0, id="toolu_1", name="f")) + ENDS_WITH_CALLS, "claude-sonnet-4")[1]

    assert answer["thinking_blocks"] == [
        {"type": "thinking", "thinking": "Let me see.", "signature": "EqQBCkYIBBgC+/="}
    ]
    assert "tool_calls" in answer


def test_thoughts_that_were_cut_before_their_signature_stay_here() -> None:
    """earendil-works/pi#2063, can1357/oh-my-pi#333"""
    body = text("so") + chunk({"reasoning_content": "hm", "thinking_blocks": [{"type": "thinking", "thinking": "hm"}]})
    reply = answered(body, "claude-sonnet-4")

    assert reply.outcome is Outcome.TRUNCATED
    assert "thinking_blocks" not in sent(body, "claude-sonnet-4")[1]


@pytest.mark.parametrize("place", ["call", "function"])
def test_a_signature_goes_back_where_it_stood(place: str) -> None:
    """google/adk-python#6460, strands-agents/harness-sdk#2129"""
    fields = {"provider_specific_fields": {"thought_signature": "CtsB+/q=="}}
    function = {"name": "f", "arguments": "{}", **(fields if place == "function" else {})}
    body = calls(
        {"index": 0, "id": "a", "type": "function", "function": function, **(fields if place == "call" else {})}
    )
    answer = sent(body + ENDS_WITH_CALLS, "vertex_ai/gemini-3-pro")[1]
    made = answer["tool_calls"]
    assert isinstance(made, list)
    (back,) = made
    assert isinstance(back, dict)
    where = back if place == "call" else back["function"]
    assert isinstance(where, dict)

    assert where["provider_specific_fields"] == {"thought_signature": "CtsB+/q=="}
    assert "skip_thought_signature_validator" not in json.dumps(answer)


def test_the_signatures_of_words_go_back_without_what_stands_beside_them() -> None:
    """langbot-app/langbot-plugin-sdk#83"""
    specific = {
        "thought_signatures": ["CtsB+/q=="],
        "citations": [[{"url": "https://a"}]],
        "thinking_blocks": [{"type": "x"}],
    }
    body = text("so") + chunk({"provider_specific_fields": specific}) + chunk({"provider_specific_fields": None}) + END

    assert sent(body, "gemini/gemini-3-pro")[1]["provider_specific_fields"] == {"thought_signatures": ["CtsB+/q=="]}
    assert "provider_specific_fields" not in sent(body, "gemini/gemini-3-pro", asked="claude-4")[1]


def test_thoughts_of_a_model_that_reads_its_own_tags_go_back_between_them() -> None:
    """lobehub/lobehub#10255, NousResearch/hermes-agent#85251"""
    body = text("<think>\nhm") + text("\n</think>\n\nso") + END

    assert sent(body, "MiniMax-M2.7")[1] == {"role": "assistant", "content": "<think>\nhm\n</think>\n\nso"}
    assert "hm" not in json.dumps(sent(body, "MiniMax-M2.7", asked="openai/gpt-5"))
    assert sent(body, "qwen3")[1]["content"] == "so"


def test_thoughts_in_pieces_go_back_as_one() -> None:
    """MiniMax-AI/MiniMax-M2#95"""
    pieces = ("The user", " is asking.")
    body = b"".join(
        chunk({"reasoning_details": [{"type": "reasoning.text", "id": "r-1", "index": 0, "text": p}]}) for p in pieces
    )

    details = sent(body + text("so") + END, "MiniMax-M2.7")[1]["reasoning_details"]
    assert details == [{"type": "reasoning.text", "id": "r-1", "index": 0, "text": "The user is asking."}]


def test_what_a_model_refuses_of_its_own_is_said() -> None:
    """OpenRouterTeam/ai-sdk-provider#491: another upstream does not believe the signatures of the first."""
    body = text("so") + chunk({"reasoning_details": [{"type": "reasoning.encrypted", "data": "x"}]}) + END
    reply = answered(body, "google/gemini-3-pro")
    messages, origins = sendable_history((QUESTION, node_of(reply, "google/gemini-3-pro"), QUESTION))
    request = Request("google/gemini-3-pro", tuple(messages), gateway=GATEWAY, origins=origins)
    http = OpenAIChat().request(request, Quirks(unsent=frozenset({"reasoning_details", "thinking_blocks"})))

    assert b"reasoning_details" not in http.body
    assert http.left_out == ("reasoning_details",)


def test_an_answer_comes_back_from_the_store_with_what_came_with_it() -> None:
    body = calls({"index": 0, "id": LITELLM_ID, "function": {"name": "f", "arguments": "{}"}}) + ENDS_WITH_CALLS
    reply = answered(body, "gemini-3-pro")

    assert answer_node("a", "q", 0.0, reply).message.tool_calls[0].id == LITELLM_ID
