"""The question as JSON."""

import json

import pytest

from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.models import Ability
from tui_chat.core.parts import (
    Image,
    Message,
    Reasoning,
    Role,
    Text,
    ToolCall,
    ToolResult,
    user_message,
)
from tui_chat.core.request import Request, Sampling, ToolDefinition
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.providers.quirks import Quirks

HI = (user_message("hi"),)


def body_of(request: Request, without: tuple[str, ...] = (), quirks: Quirks | None = None) -> JsonObject:
    http = OpenAIChat().request(request, quirks or Quirks(without=frozenset(without)))
    assert (http.path, http.headers["Accept"]) == ("/chat/completions", "text/event-stream")
    body: JsonObject = json.loads(http.body)
    return body


def messages_of(*messages: Message) -> object:
    return body_of(Request("m", messages))["messages"]


def test_a_plain_question_says_no_more_than_it_must() -> None:
    assert body_of(Request("m", HI)) == {
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_what_the_model_does_not_take_is_named_as_left_out_and_free_fields_replace_none_of_ours() -> None:
    extra = (("top_k", "40"), ("stream", "false"), ("provider", '{"order":["a"]}'))
    request = Request("m", HI, sampling=Sampling(extra=extra), left_out=("seed",))
    body = body_of(request)
    assert OpenAIChat().request(request, Quirks()).left_out == ("seed",)
    assert (body["top_k"], body["stream"], body["provider"]) == (40, True, {"order": ["a"]})


def test_every_field_that_was_set_goes_out() -> None:
    sampling = Sampling(0.5, 0.9, 10, 20, ("a", "b"), 7, 0.1, 0.2, "low")
    tool = ToolDefinition("get_weather", "Weather", {"type": "object"})
    body = body_of(Request("m", HI, ("x", "m", "y"), (tool,), "get_weather", False, {"type": "json_object"}, sampling))

    assert (body["models"], body["route"]) == (["m", "x", "y"], "fallback")
    assert body["tools"] == [
        {
            "type": "function",
            "function": {"name": "get_weather", "description": "Weather", "parameters": {"type": "object"}},
        }
    ]
    assert body["tool_choice"] == {"type": "function", "function": {"name": "get_weather"}}
    assert (body["parallel_tool_calls"], body["response_format"]) == (False, {"type": "json_object"})
    assert (body["temperature"], body["top_p"], body["seed"], body["stop"]) == (0.5, 0.9, 7, ["a", "b"])
    assert (body["max_tokens"], body["max_completion_tokens"], body["reasoning_effort"]) == (10, 20, "low")
    assert (body["frequency_penalty"], body["presence_penalty"]) == (0.1, 0.2)


@pytest.mark.parametrize("choice", ["auto", "none", "required"])
def test_a_choice_that_is_no_function_stays_a_word(choice: str) -> None:
    request = Request("m", HI, tools=(ToolDefinition("f", "", {}),), tool_choice=choice)

    assert body_of(request)["tool_choice"] == choice


def test_without_tools_nothing_about_tools_is_sent() -> None:
    assert not {"tools", "tool_choice", "parallel_tool_calls"} & set(
        body_of(Request("m", HI, tool_choice="auto", parallel_tool_calls=True))
    )


def test_a_field_that_a_server_refuses_is_left_out_but_never_the_question() -> None:
    body = body_of(Request("m", HI), without=("stream_options", "messages", "model"))

    assert set(body) == {"model", "messages", "stream"}


def test_a_free_field_that_a_server_refuses_is_left_out_and_named() -> None:
    sampling = Sampling(extra=(("top_k", "40"), ("response_format", '{"type":"json_object"}')))
    without = Quirks(without=frozenset({"top_k", "response_format"}))
    sent = OpenAIChat().request(Request("m", HI, sampling=sampling), without)

    assert sent.left_out == ("top_k", "response_format")
    assert not {"top_k", "response_format"} & set(json.loads(sent.body))


def test_a_round_of_tools_goes_back_as_the_service_wants_it() -> None:
    asked = Message(
        Role.ASSISTANT, (Reasoning("hm"), Text("Let me see."), ToolCall("a", "f", '{"x":1}'), ToolCall("b", "g", ""))
    )
    answered = Message(Role.TOOL, (ToolResult("a", "f", "1"), ToolResult("b", "g", "2")))

    assert messages_of(asked, answered) == [
        {
            "role": "assistant",
            "content": "Let me see.",
            "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"x":1}'}},
                {"id": "b", "type": "function", "function": {"name": "g", "arguments": "{}"}},
            ],
        },
        {"role": "tool", "tool_call_id": "a", "content": "1"},
        {"role": "tool", "tool_call_id": "b", "content": "2"},
    ]


def test_reasoning_is_never_sent_back() -> None:
    assert messages_of(Message(Role.ASSISTANT, (Reasoning("hm"), Text("so")))) == [
        {"role": "assistant", "content": "so"}
    ]
    assert messages_of(Message(Role.ASSISTANT, (Reasoning("hm"),))) == []


def test_pictures_make_blocks() -> None:
    assert messages_of(user_message("look", (Image("data:image/png;base64,xx"),))) == [
        {
            "role": "user",
            "content": [
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,xx"}},
                {"type": "text", "text": "look"},
            ],
        }
    ]


def test_half_a_surrogate_pair_does_not_stop_a_question() -> None:
    assert messages_of(user_message("a\ud83db")) == [{"role": "user", "content": "a\ufffdb"}]


# What a model or a server takes in another form only (`quirks`).

CALLED = Message(Role.ASSISTANT, (ToolCall("a", "f", "{}"),))
RESULT = Message(Role.TOOL, (ToolResult("a", "f", "1"),))
SYSTEM = Message(Role.SYSTEM, (Text("Be brief."),))
PICTURE = Image("https://x/y.png", "a\x1bb.png")


def sent_with(quirks: Quirks, *messages: Message, **fields: object) -> JsonObject:
    return body_of(Request("m", messages, **fields), quirks=quirks)  # type: ignore[arg-type]  # fields by name


def test_what_no_system_message_may_say_begins_the_first_question() -> None:
    quirks = Quirks(system_in_words=True)

    assert sent_with(quirks, SYSTEM, *HI)["messages"] == [{"role": "user", "content": "Be brief.\n\nhi"}]
    assert sent_with(quirks, SYSTEM, user_message("look", (PICTURE,)))["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "image_url", "image_url": {"url": "https://x/y.png"}},
                {"type": "text", "text": "Be brief.\n\nlook"},
            ],
        }
    ]
    assert sent_with(quirks, *HI)["messages"] == [{"role": "user", "content": "hi"}]


def test_a_result_carries_the_name_of_its_tool_where_one_is_wanted() -> None:
    results = sent_with(Quirks(names_results=True), *HI, CALLED, RESULT)["messages"]
    assert isinstance(results, list)
    assert results[-1] == {"role": "tool", "tool_call_id": "a", "name": "f", "content": "1"}


def test_calls_are_words_where_they_need_tools_and_none_is_offered() -> None:
    quirks = Quirks(calls_need_tools=True)
    told = {"role": "assistant", "content": "(I called f with {}.)"}

    assert sent_with(quirks, *HI, CALLED, RESULT)["messages"][1] == told  # type: ignore[index]  # a list
    offered = sent_with(quirks, *HI, CALLED, RESULT, tools=(ToolDefinition("g", "G", {}),))["messages"]
    assert "tool_calls" in offered[1]  # type: ignore[index,operator]  # a list of objects


def test_a_message_without_words_has_no_null_where_that_is_refused() -> None:
    calls = {"tool_calls": [{"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}

    assert sent_with(Quirks(), CALLED)["messages"] == [{"role": "assistant", "content": None, **calls}]
    assert sent_with(Quirks(no_null=True), CALLED)["messages"] == [{"role": "assistant", "content": "", **calls}]


def test_pictures_are_words_where_they_are_refused() -> None:
    request = Request(
        "m", (user_message("look", (PICTURE,)), Message(Role.ASSISTANT, (Text("A."),)), user_message("and?"))
    )
    http = OpenAIChat().request(request, Quirks(in_words=frozenset({Ability.PICTURES})))
    messages = json.loads(http.body)["messages"]

    words = "(The picture a\x1bb.png was here.)\n\nlook"
    assert [message["content"] for message in messages] == [words, "A.", "and?"]
    assert http.left_out == ("images",)


@pytest.mark.parametrize(
    ("name", "gone"), [("stream", {"stream", "stream_options"}), ("stream_options", {"stream_options"})]
)
def test_what_means_nothing_without_a_refused_field_goes_with_it(name: str, gone: set[str]) -> None:
    request = Request("m", HI, tools=(ToolDefinition("f", "", {}),), tool_choice="auto")
    whole = OpenAIChat().request(request)
    http = OpenAIChat().request(request, Quirks(without=frozenset({name})))

    assert set(json.loads(whole.body)) - set(json.loads(http.body)) == gone
    assert http.left_out == (name,)


def test_tools_go_by_plain_names_of_their_own() -> None:
    """github/copilot-sdk#743, langgenius/dify#22867"""
    names = ("git.log", "git_log", "suche nach")
    tools = tuple(ToolDefinition(name, "", {}) for name in names)
    called = Message(Role.ASSISTANT, (ToolCall("a", "git.log", "{}"), ToolCall("b", "default_api.old", "{}")))
    request = Request("m", (*HI, called, RESULT), tools=tools, tool_choice="suche nach")
    http = OpenAIChat().request(request)
    body = json.loads(http.body)

    assert [tool["function"]["name"] for tool in body["tools"]] == ["git_log_2", "git_log", "suche_nach"]
    assert [call["function"]["name"] for call in body["messages"][1]["tool_calls"]] == ["git_log_2", "default_api_old"]
    assert body["tool_choice"]["function"]["name"] == "suche_nach"
    assert {plain: http.tool_names.get(plain, plain) for plain in ("git_log_2", "git_log", "suche_nach")} == {
        "git_log_2": "git.log",
        "git_log": "git_log",
        "suche_nach": "suche nach",
    }
