"""What a model does not take in its own form is told in words, and every history stays one that can be sent."""

import json

from tests.fakes import make_services
from tests.providers.test_openai_request import body_of
from tui_chat.chat.context import build_request
from tui_chat.core.jsonvalue import JsonValue
from tui_chat.core.models import Ability, ModelInfo
from tui_chat.core.parts import Image, Message, Role, Text, ToolCall, ToolResult, user_message
from tui_chat.core.request import Origin, Request, ToolDefinition
from tui_chat.core.tree import Conversation, Node
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.providers.quirks import Quirks, known_quirks

PICTURE = Image("data:image/png;base64,aGk=", "chart.png")
TOOL = ToolDefinition("clock", "", {"type": "object"})
THOUGHTS = {"thinking_blocks": '[{"type":"thinking","thinking":"hm","signature":"s"}]'}
ROUND = (
    Message(Role.SYSTEM, (Text("Be brief."),)),
    user_message("What is this?", (PICTURE,)),
    Message(Role.ASSISTANT, (Text("Let me see."), ToolCall("a", "clock", '{"x":1}'), ToolCall("b", "clock", "{}"))),
    Message(Role.TOOL, (ToolResult("a", "clock", "noon"),)),
    Message(Role.TOOL, (ToolResult("b", "clock", "no clock", is_error=True),)),
)


def messages(request: Request, quirks: Quirks) -> list[tuple[str, JsonValue]]:
    """Roles and contents as they go out."""
    sent = body_of(request, quirks=quirks)["messages"]
    assert isinstance(sent, list)
    return [(str(message["role"]), message["content"]) for message in sent if isinstance(message, dict)]


def asked(*further: Message, tools: tuple[ToolDefinition, ...] = (TOOL,), origin: Origin | None = None) -> Request:
    return Request("m", (*ROUND, *further), tools=tools, gateway="g", origins={2: origin} if origin else {})


def test_a_picture_is_a_line_of_words() -> None:
    sent = OpenAIChat().request(asked(), Quirks(in_words=frozenset({Ability.PICTURES})))
    assert json.loads(sent.body)["messages"][1]["content"] == "(The picture chart.png was here.)\n\nWhat is this?"
    assert sent.left_out == ("images",)


def test_a_model_that_is_listed_without_pictures_is_sent_none() -> None:
    listed = ModelInfo("blind/model", input_modalities=("text",)), ModelInfo("unknown/model")
    path = (Node("n", None, 0.0, user_message("What is this?", (PICTURE,))),)
    services = make_services(models=listed)

    def left_out(model: str) -> tuple[str, ...]:
        return OpenAIChat().request(build_request(Conversation("c", 0.0), path, services, model)).left_out

    assert [left_out(model) for model in ("blind/model", "unknown/model", "new/model")] == [("images",), (), ()]


def test_where_no_picture_is_none_is_left_out() -> None:
    request = Request("m", (user_message("hi"),))
    assert OpenAIChat().request(request, Quirks(in_words=frozenset({Ability.PICTURES}))).left_out == ()


def test_a_system_prompt_stands_at_the_head_of_the_first_question() -> None:
    sent = messages(asked(), Quirks(system_in_words=True, in_words=frozenset({Ability.PICTURES})))
    assert sent[0] == ("user", "Be brief.\n\n(The picture chart.png was here.)\n\nWhat is this?")
    with_picture = messages(asked(), Quirks(system_in_words=True))[0][1]
    assert isinstance(with_picture, list)
    assert with_picture[-1] == {"type": "text", "text": "Be brief.\n\nWhat is this?"}


def test_calls_and_results_are_told_and_no_tools_offered() -> None:
    request = asked(user_message("And now?"))
    http = OpenAIChat().request(request, Quirks(calls_in_words=True))
    assert "tools" not in json.loads(http.body)
    assert http.left_out == ("tools",)
    assert messages(request, Quirks(calls_in_words=True))[2:] == [
        ("assistant", 'Let me see.\n\n(I called clock with {"x":1}.)\n\n(I called clock with {}.)'),
        ("user", "(clock gave: noon)\n\n(clock failed: no clock)\n\nAnd now?"),
    ]


def test_a_family_whose_calls_need_tools_gets_them_in_words_without() -> None:
    quirks = known_quirks("bedrock/us.anthropic.claude-sonnet-4-5")
    assert [role for role, _ in messages(asked(tools=()), quirks)] == ["system", "user", "assistant", "user"]
    assert [role for role, _ in messages(asked(), quirks)][2:] == ["assistant", "tool", "tool"]


def test_a_round_of_ones_own_goes_on_where_anothers_is_told() -> None:
    own, foreign = Origin("g", "m", "m", "hm", THOUGHTS), Origin("x", "other", "other", "", THOUGHTS)
    quirks = Quirks(own_rounds_only=True)
    assert [role for role, _ in messages(asked(origin=own), quirks)][2:] == ["assistant", "tool", "tool"]
    assert [role for role, _ in messages(asked(origin=foreign), quirks)][2:] == ["assistant", "user"]


def test_signed_thoughts_do_not_go_without_the_call_that_they_led_to() -> None:
    own = Origin("g", "m", "m", "hm", THOUGHTS)
    assert "thinking_blocks" not in json.dumps(body_of(asked(origin=own), quirks=Quirks(calls_in_words=True)))
