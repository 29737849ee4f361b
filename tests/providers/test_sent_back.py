"""What goes back with an answer: to whom, when, and byte for byte."""

import json

import msgspec
import pytest

from tests.providers.streams import END, END_CALLS, calls, chunk, reply_to, text
from tests.providers.test_openai_request import body_of
from tui_chat.core.given import with_pictures
from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.parts import Image, Message, Role, Text, ToolCall, ToolResult, user_message
from tui_chat.core.request import Origin, Request
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.providers.openai_history import RESULTS_SEEN
from tui_chat.providers.quirks import Quirks, Thoughts, family, known_quirks
from tui_chat.providers.sent_back import NO_REASONING

SIGNATURE = '{"google": {"thought_signature": "CtsBAR4k\\/q=="}}'
CALL = ToolCall("a", "f", "{}", provider_data=(("extra_content", SIGNATURE),))
DETAILS = '[{"type":"reasoning.encrypted","data":"gAAAA\\u003d","index":0}]'
CAME_IN_A_FIELD = {"reasoning_field": '"reasoning_content"'}


def request(
    model: str, origin: Origin, *parts: Text | ToolCall, ends_with_result: bool = False, gateway: str = "g"
) -> Request:
    result = (Message(Role.TOOL, (ToolResult("a", "f", "1"),)),)
    asked = () if ends_with_result else (user_message("and?"),)
    calls_tool = any(isinstance(part, ToolCall) for part in parts)
    messages = (user_message("hi"), Message(Role.ASSISTANT, parts), *(result if calls_tool else ()), *asked)
    return Request(model, messages, gateway=gateway, origins={1: origin})


def sent(request: Request, quirks: Quirks | None = None) -> JsonObject:
    """The answer as it goes back."""
    messages = body_of(request, quirks=quirks)["messages"]
    assert isinstance(messages, list)
    answer = messages[1]
    assert isinstance(answer, dict)
    return answer


def raw(request: Request) -> str:
    return OpenAIChat().request(request).body.decode()


def origin(model: str = "m", thought: str = "", gateway: str = "g", answering: str = "", **fields: str) -> Origin:
    return Origin(gateway, model, answering or model, thought, fields)


def test_what_is_signed_goes_back_byte_for_byte() -> None:
    asked = raw(request("m", origin(reasoning_details=DETAILS), Text("so"), CALL))

    assert f'"reasoning_details":{DETAILS}' in asked
    assert f'"extra_content":{SIGNATURE}' in asked


def test_pictures_of_results_do_not_end_the_rounds_of_a_question() -> None:
    """What was thought before a call goes back until somebody asks again, and nobody asked in these."""
    results = request("m", origin(thought="hm", **CAME_IN_A_FIELD), CALL, ends_with_result=True)
    pictures = with_pictures([(1, Image("data:image/png;base64,AA==", "chart.png"))])
    shown = msgspec.structs.replace(results, messages=(*results.messages, pictures))
    assert sent(results)["reasoning_content"] == "hm"
    assert sent(shown) == sent(results)
    wire = body_of(shown)["messages"]
    assert isinstance(wire, list)
    assert "image_url" in str(wire[-1])


@pytest.mark.parametrize(
    ("asked", "came_from"),
    [
        ("google/gemini-3-pro", origin("google/gemini-3-flash")),
        ("gemini-3-pro-preview", origin("google/gemini-3-pro")),
        ("alias", origin("alias", answering="gemini-3-pro-preview")),
        ("test/model:free", origin("test/model")),
        ("m", origin("m", gateway="")),
    ],
)
def test_the_family_and_the_gateway_get_back_what_is_theirs(asked: str, came_from: Origin) -> None:
    assert sent(request(asked, came_from, CALL))["tool_calls"] == [
        {
            "id": "a",
            "type": "function",
            "function": {"name": "f", "arguments": "{}"},
            "extra_content": json.loads(SIGNATURE),
        }
    ]


@pytest.mark.parametrize(
    ("asked", "came_from"),
    [
        ("openai/gpt-5", origin("google/gemini-3-pro")),
        ("other/model", origin("test/model")),
        ("m", origin("m", gateway="another")),
        ("anthropic/claude-4", origin("anthropic/claude-4", answering="openai/gpt-5")),
    ],
)
def test_nobody_gets_what_is_foreign(asked: str, came_from: Origin) -> None:
    came_from = Origin(
        came_from.gateway, came_from.requested_model, came_from.answering_model, "hm",
        {"reasoning_details": DETAILS, "thinking_blocks": "[1]", **CAME_IN_A_FIELD},
    )  # fmt: skip
    for ends_with_result in (True, False):
        answer = sent(request(asked, came_from, Text("so"), CALL, ends_with_result=ends_with_result))
        assert set(answer) == {"role", "content", "tool_calls"}
        assert "extra_content" not in json.dumps(answer)


def test_plain_thoughts_go_back_within_a_round_of_tools_only() -> None:
    thought = Origin("g", "m", "m", "hm", CAME_IN_A_FIELD)

    assert sent(request("m", thought, CALL, ends_with_result=True))["reasoning_content"] == "hm"
    assert "reasoning_content" not in sent(request("m", thought, CALL))
    assert "reasoning_content" not in sent(
        request("m", thought, CALL, ends_with_result=True), Quirks(thoughts=Thoughts.NEVER)
    )


def test_plain_thoughts_go_back_under_the_name_under_which_they_came() -> None:
    thought = Origin("g", "m", "m", "hm", {"reasoning_field": '"reasoning"'})
    answer = sent(request("m", thought, CALL, ends_with_result=True))

    assert answer["reasoning"] == "hm"
    assert "reasoning_content" not in answer


def test_thoughts_that_came_in_the_text_are_not_put_into_a_field() -> None:
    answer = sent(request("m", Origin("g", "m", "m", "hm"), CALL, ends_with_result=True))
    assert set(answer) == {"role", "content", "tool_calls"}


def test_where_every_answer_needs_reasoning_one_without_says_so_in_words() -> None:
    always = Quirks(thoughts=Thoughts.ALWAYS)

    assert sent(request("m", Origin("g", "m", "m", "hm"), Text("so")), always)["reasoning_content"] == "hm"
    assert sent(request("m", Origin("x", "y", "y", "hm"), Text("so")), always)["reasoning_content"] == NO_REASONING


def test_the_name_under_which_another_model_thought_is_nobody_elses() -> None:
    foreign = Origin("x", "y", "y", "hm", {"reasoning_field": '"reasoning"'})
    answer = sent(request("deepseek-v4-pro", foreign, Text("so")), known_quirks("deepseek-v4-pro"))
    assert (answer.get("reasoning_content"), "reasoning" in answer) == (NO_REASONING, False)


def test_a_family_that_signs_gets_calls_of_others_with_the_word_for_them() -> None:
    for model in ("google/gemini-3-pro", "gemini-3.1-flash"):
        answer = sent(request(model, origin("openai/gpt-5"), CALL), known_quirks(model))
        assert "skip_thought_signature_validator" in json.dumps(answer)
        assert "CtsBAR4k" not in json.dumps(answer)


def test_a_family_that_wants_an_answer_after_results_gets_one_and_short_ids() -> None:
    asked = request(
        "mistralai/mistral-large", origin("m"), ToolCall("call_abc", "f", "{}"), ToolCall("abcdefghi", "g", "{}")
    )
    messages = body_of(asked, quirks=known_quirks(asked.model))["messages"]
    assert isinstance(messages, list)
    roles = [message["role"] for message in messages if isinstance(message, dict)]
    text_sent = json.dumps(messages)

    assert roles == ["user", "assistant", "tool", "assistant", "user"]
    assert RESULTS_SEEN in text_sent
    assert "call_abc" not in text_sent
    assert "abcdefghi" in text_sent


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("anthropic/claude-sonnet-4.5", "claude"),
        ("deepseek-chat", "deepseek"),
        ("openai/o3-mini", "o3"),
        ("test/model", "test/model"),
        ("test/model:free", "test/model"),
        ("a/b/GPT-5", "gpt"),
    ],
)
def test_a_family_is_told_by_the_name(model: str, name: str) -> None:
    assert family(model) == name


def left_out(request: Request, quirks: Quirks) -> tuple[str, ...]:
    return OpenAIChat().request(request, quirks).left_out


def test_what_a_refusal_keeps_back_is_named() -> None:
    asked = request("m", origin(reasoning_details=DETAILS), Text("so"), CALL)

    assert left_out(asked, Quirks(unsent=frozenset({"reasoning_details", "extra_content"}))) == (
        "reasoning_details",
        "extra_content",
    )
    assert left_out(asked, Quirks(unsent=frozenset({"thinking_blocks"}))) == ()
    foreign = request("m", origin("other/model", reasoning_details=DETAILS), Text("so"), CALL)
    assert left_out(foreign, Quirks(unsent=frozenset({"reasoning_details"}))) == ()


def test_thoughts_that_a_refusal_keeps_back_are_named_and_those_that_nobody_wants_are_not() -> None:
    def asked(model: str, *, ends_with_result: bool = True) -> Request:
        return request(model, Origin("g", model, model, "hm", CAME_IN_A_FIELD), CALL, ends_with_result=ends_with_result)

    never = Quirks(thoughts=Thoughts.NEVER)
    assert left_out(asked("m"), never) == ("reasoning_content",)
    assert left_out(asked("m", ends_with_result=False), never) == ()
    assert left_out(asked("deepseek-r1"), known_quirks("deepseek-r1")) == ()


# What is kept of an answer.


def test_a_signature_of_a_call_is_kept_as_it_came() -> None:
    body = (
        b'data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"},'
        b'"extra_content": ' + SIGNATURE.encode() + b"}]}}]}\n\n"
    )
    (call,) = reply_to(body + END_CALLS).tool_calls

    assert call.provider_data == (("extra_content", SIGNATURE),)


def test_details_that_come_whole_are_kept_byte_for_byte() -> None:
    item = DETAILS[1:-1].encode()
    body = b'data: {"choices":[{"delta":{"reasoning_details":[' + item + b"]}}]}\n\n"

    assert reply_to(body + body + text("so") + END).message_data == {"reasoning_details": DETAILS}


def test_pieces_of_one_thought_are_joined_with_their_signature() -> None:
    pieces: list[dict[str, object]] = [
        {"type": "reasoning.text", "text": "Let me ", "index": 0},
        {"type": "reasoning.text", "text": "see.", "index": 0},
        {"type": "reasoning.text", "text": None, "signature": "s==", "index": 0},
        {"type": "reasoning.text", "text": "Another.", "index": 0},
        {"type": "reasoning.encrypted", "data": "x", "index": 1},
    ]
    reply = reply_to(b"".join(chunk({"reasoning_details": [piece]}) for piece in pieces) + text("so") + END)

    assert reply.reasoning == "Let me see.Another."
    assert json.loads(reply.message_data["reasoning_details"]) == [
        {"type": "reasoning.text", "text": "Let me see.", "signature": "s==", "index": 0},
        {"type": "reasoning.text", "text": "Another.", "index": 0},
        {"type": "reasoning.encrypted", "data": "x", "index": 1},
    ]


def test_the_field_of_the_reasoning_is_noted() -> None:
    assert reply_to(chunk({"reasoning": "hm"}) + END).message_data == {"reasoning_field": '"reasoning"'}
    assert reply_to(text("<think>hm</think>so") + END).message_data == {}


def test_a_whole_answer_keeps_what_came_with_it_too() -> None:
    message = {"content": "so", "extra_content": {"google": {"thought_signature": "s"}}, "annotations": [{"type": "x"}]}
    reply = reply_to(json.dumps({"choices": [{"message": message}]}).encode())

    assert {name: json.loads(kept) for name, kept in reply.message_data.items()} == {
        "extra_content": {"google": {"thought_signature": "s"}},
        "annotations": [{"type": "x"}],
    }


# Calls that nobody can run.


def flaws(*items: object) -> list[tuple[str, str]]:
    return [(call.name, call.flaw) for call in reply_to(calls(*items) + END_CALLS).partial_tool_calls]


def test_a_call_that_never_got_a_name_is_not_to_be_acted_on() -> None:
    assert flaws({"index": 0, "id": "a", "function": {"arguments": "{}"}}) == [("", "It names no tool.")]


def test_a_call_of_an_unknown_type_is_not_to_be_acted_on() -> None:
    (found,) = flaws({"index": 0, "id": "a", "type": "custom", "function": {"name": "f", "arguments": "{}"}})
    assert "custom" in found[1]


def test_calls_that_can_be_run_stay_beside_one_that_cannot() -> None:
    body = calls({"index": 0, "id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}})
    reply = reply_to(body + calls({"index": 1, "id": "b", "function": {"arguments": '{"x":1}'}}) + END_CALLS)

    assert [call.id for call in reply.tool_calls] == ["a"]
    assert [call.id for call in reply.partial_tool_calls] == ["b"]
