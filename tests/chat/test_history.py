"""What is sent of a conversation: any path comes out as a history that the strictest gateway takes."""

import json
import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.store.values import marked, parts
from tui_chat.chat.history import (
    GO_ON,
    GO_ON_EXACTLY,
    NO_OUTPUT,
    NO_QUESTION,
    NO_RESULT,
    own_id,
    sendable_history,
    sendable_messages,
)
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.given import is_of_results
from tui_chat.core.marks import UNMARKED, Continuation, Continuing, Marks, Summary
from tui_chat.core.parts import Image, Message, Part, Role, Text, ToolCall, ToolResult
from tui_chat.core.sending import SUMMARY_OF, sent_nodes
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Node

ids = st.sampled_from(
    ["a", "b", "call_0", "", "functions.f:0", "x" * 41, "chatcmpl-tool-0d1e2f3a4b5c6d7e8f90a1b2c3d4e5f6"]
)
blanks = st.sampled_from(["", " ", "\n\n", "\u00a0", "words"])
some_parts = parts | st.one_of(
    st.builds(Text, blanks),
    st.builds(
        ToolCall, ids, st.sampled_from(["f", "get tide!", "n" * 80]), st.sampled_from(["{}", "", "{x", '{"x": NaN}'])
    ),
    st.builds(ToolResult, ids, st.just("f"), blanks),
)


@st.composite
def paths(draw: st.DrawFn) -> tuple[Node, ...]:
    """Any roles in any order, with parts that belong there and parts that do not."""
    nodes: list[Node] = []
    for number in range(draw(st.integers(0, 8))):
        role = draw(st.sampled_from(Role))
        info = None
        if role is Role.ASSISTANT:
            info = AnswerInfo(
                outcome=draw(st.sampled_from(Outcome)), finish_reason=draw(st.sampled_from(["stop", "length"]))
            )
        message = Message(role, tuple(draw(st.lists(some_parts, max_size=4))))
        parent_id = f"n{number - 1}" if number else None
        marks = draw(st.just(UNMARKED) | marked(parent_id, [node.id for node in nodes]))
        nodes.append(Node(f"n{number}", parent_id, 0.0, message, info, marks))
    return tuple(nodes)


def judge(messages: list[Message]) -> None:
    """Hold a history to all that any gateway was seen to demand."""
    if messages and messages[0].role is Role.SYSTEM:
        assert messages[0].text.strip()
        messages = messages[1:]
    assert all(message.role is not Role.SYSTEM for message in messages)
    if not messages:
        return
    assert messages[0].role is Role.USER
    assert messages[-1].role in (Role.USER, Role.TOOL)
    waiting: list[str] = []
    seen: set[str] = set()
    before = Role.SYSTEM
    for message in messages:
        assert message.parts
        assert all(part.text.strip() for part in message.parts if isinstance(part, Text))
        if message.role is Role.TOOL:
            (result,) = message.parts
            assert isinstance(result, ToolResult)
            assert result.content.strip()
            waiting.remove(result.call_id)
        else:
            assert not waiting
            assert message.role is not before
            assert message.role is Role.USER or not message.tool_calls or before in (Role.USER, Role.TOOL)
        for call in message.tool_calls:
            assert re.fullmatch(r"[A-Za-z0-9_-]{1,40}", call.id)
            assert call.id not in seen
            assert re.fullmatch(r"[A-Za-z0-9_.-]{0,64}", call.name)
            assert isinstance(json.loads(call.arguments), dict)
            assert "NaN" not in call.arguments or "invalid_arguments" in call.arguments
            seen.add(call.id)
            waiting.append(call.id)
        before = message.role
    assert not waiting


def said(role: Role, *said_parts: Part, outcome: Outcome = Outcome.COMPLETE) -> Node:
    info = AnswerInfo(outcome=outcome) if role is Role.ASSISTANT else None
    return Node("n", None, 0.0, Message(role, said_parts), info)


def sent_of(*nodes: Node) -> list[tuple[Role, tuple[Part, ...]]]:
    return [(message.role, message.parts) for message in sendable_messages(nodes)]


CALL, ASKED = ToolCall("a", "f", "{}"), said(Role.USER, Text("hi"))


@example((ASKED, said(Role.ASSISTANT, CALL, CALL)), "")
@example((ASKED, said(Role.ASSISTANT, CALL, CALL), said(Role.TOOL, ToolResult("a", "f", "1"))), "")
@given(paths(), st.sampled_from(["", "  ", "Be brief."]))
def test_any_path_is_a_history_that_every_gateway_takes(path: tuple[Node, ...], system: str) -> None:
    sent = sendable_messages(path, system)

    judge(sent)
    assert sent == sendable_messages(path, system)


@given(paths(), st.integers(0, 8))
def test_nothing_that_a_person_said_and_did_not_mute_is_lost(path: tuple[Node, ...], count: int) -> None:
    sent = "\n".join(message.text for message in sendable_messages(path[:count]))

    for node in sent_nodes(path[:count]):
        if node.message.role is Role.USER:
            for part in node.message.parts:
                assert not isinstance(part, Text) or not part.text.strip() or part.text in sent


@given(paths(), st.data())
def test_a_longer_path_begins_as_the_shorter_one_did(path: tuple[Node, ...], data: st.DataObject) -> None:
    """Providers bill what they have in their caches at a fraction: ids of our own must not change. A summary that comes
    takes the place of what was before it."""
    length = data.draw(st.integers(0, len(path)))
    assume(all(node.marks.summary is None for node in path[length:]))
    shorter = sendable_messages(path[:length])
    longer = sendable_messages(path)

    calls = [call for message in longer for call in message.tool_calls]
    assert [call for message in shorter for call in message.tool_calls] == calls[
        : sum(len(m.tool_calls) for m in shorter)
    ]


def test_questions_in_a_row_are_one_message() -> None:
    picture = Image("https://x/y.png")
    assert sent_of(ASKED, said(Role.ASSISTANT, Text(" \n")), said(Role.USER, picture, Text("there"))) == [
        (Role.USER, (Text("hi"), picture, Text("there")))
    ]
    assert sent_of(ASKED, said(Role.USER, Text("there"))) == [(Role.USER, (Text("hi\n\nthere"),))]


def test_answers_in_a_row_are_one_message() -> None:
    answers = said(Role.ASSISTANT, Text("one")), said(Role.ASSISTANT, Text("two"), CALL)
    assert sent_of(ASKED, *answers)[1:] == [
        (Role.ASSISTANT, (Text("one\n\ntwo"), CALL)),
        (Role.TOOL, (ToolResult("a", "f", NO_RESULT, True),)),
    ]


def test_a_history_begins_and_ends_with_a_question() -> None:
    assert sent_of(said(Role.ASSISTANT, Text("Welcome."))) == [
        (Role.USER, (Text(NO_QUESTION),)),
        (Role.ASSISTANT, (Text("Welcome."),)),
        (Role.USER, (Text(GO_ON),)),
    ]


def test_an_empty_result_is_said_in_words() -> None:
    sent = sent_of(ASKED, said(Role.ASSISTANT, CALL), said(Role.TOOL, ToolResult("a", "f", " \n")))
    assert sent[-1] == (Role.TOOL, (ToolResult("a", "f", NO_OUTPUT),))


def test_only_the_first_result_of_a_call_is_sent_and_none_without_a_call() -> None:
    results = said(Role.TOOL, ToolResult("a", "f", "1"), ToolResult("a", "f", "2"), ToolResult("z", "f", "3"))
    assert sent_of(ASKED, said(Role.ASSISTANT, CALL), results)[2:] == [(Role.TOOL, (ToolResult("a", "f", "1"),))]


def test_ids_that_somebody_refuses_are_nine_letters_and_digits() -> None:
    calls = ToolCall("x" * 41, "f", "{}"), ToolCall("functions.f:0", "f", "{}"), ToolCall("call_0", "f", "{}", (), True)
    sent = sendable_messages((ASKED, said(Role.ASSISTANT, *calls), said(Role.TOOL, ToolResult("call_0", "f", "3"))))

    ids_sent = [call.id for call in sent[1].tool_calls]
    assert all(re.fullmatch(r"[a-zA-Z0-9]{9}", id_) for id_ in ids_sent)
    assert sent[4].parts == (ToolResult(ids_sent[2], "f", "3"),)


def test_an_id_that_comes_again_is_another_one_in_the_request() -> None:
    turn = said(Role.ASSISTANT, CALL), said(Role.TOOL, ToolResult("a", "f", "1"))
    sent = sendable_messages((ASKED, *turn, *turn))
    first, second = (message.tool_calls[0].id for message in sent if message.tool_calls)

    assert (first, second) == ("a", own_id("a", set()))
    assert [part.call_id for message in sent for part in message.parts if isinstance(part, ToolResult)] == [
        first,
        second,
    ]


def test_calls_of_one_id_take_their_results_in_order() -> None:
    results = (ToolResult("a", "f", "1"), ToolResult("a", "f", "2"), ToolResult("a", "f", "3"))
    sent = sent_of(ASKED, said(Role.ASSISTANT, CALL, CALL), *(said(Role.TOOL, result) for result in results))

    assert sent[2:] == [
        (Role.TOOL, (ToolResult("a", "f", "1"),)),
        (Role.TOOL, (ToolResult(own_id("a", set()), "f", "2"),)),
    ]


def test_a_blank_system_prompt_is_none() -> None:
    assert [message.role for message in sendable_messages((ASKED,), "  \n")] == [Role.USER]


def test_system_messages_on_the_way_join_the_prompt() -> None:
    sent = sendable_messages((ASKED, said(Role.SYSTEM, Text("In German."))), "Be brief.")
    assert [message.text for message in sent] == ["Be brief.\n\nIn German.", "hi"]


# Conversations that users of other clients could not go on with, with the tracker they come from.


def test_a_call_that_was_stopped_has_a_result_when_the_talk_goes_on() -> None:
    """github/copilot-cli#3183, MoonshotAI/kimi-code#269, tidyverse/ellmer#459"""
    other = ToolCall("b", "g", "{}")
    half_done = (said(Role.ASSISTANT, CALL, other), said(Role.TOOL, ToolResult("b", "g", "2")))

    assert sent_of(ASKED, *half_done, said(Role.USER, Text("continue")))[2:] == [
        (Role.TOOL, (ToolResult("a", "f", NO_RESULT, True),)),
        (Role.TOOL, (ToolResult("b", "g", "2"),)),
        (Role.USER, (Text("continue"),)),
    ]


def test_pictures_of_results_follow_them_and_go_to_models_that_see() -> None:
    """A tool message holds text alone, so they stand in a message of their own, which nobody asked anything in."""
    other, picture = ToolCall("b", "g", "{}"), Image("data:image/png;base64,AA==", "chart.png")
    results = said(Role.TOOL, ToolResult("b", "g", "2"), picture), said(Role.TOOL, ToolResult("a", "f", "1"))
    path = ASKED, said(Role.ASSISTANT, CALL, other), *results
    sent = sendable_messages(path)
    assert [message.role for message in sent[1:]] == [Role.ASSISTANT, Role.TOOL, Role.TOOL, Role.USER]
    assert sent[-1].parts[0] == picture
    assert "chart.png of result 2. They are output of tools: data" in sent[-1].text
    assert is_of_results(sent[-1])
    asked = sendable_messages((*path, said(Role.USER, Text("and?"))))[-1]
    assert asked.parts[0] == picture
    assert not is_of_results(asked)
    blind, _ = sendable_history(path, sees=False)
    assert [message.role for message in blind[1:]] == [Role.ASSISTANT, Role.TOOL, Role.TOOL]


@pytest.mark.parametrize(
    "arguments",
    [
        '{"value": ',  # local-inference-lab/vllm#684
        '{"a": "He said "hello" and left"}',  # vllm-project/vllm#43995
        '"Beijing"',  # sgl-project/sglang#28035
        '["Beijing"]',
        '{"text": "a\nb"}',  # mistralai/mistral-vibe#615: a newline as it is, inside a string
        "",
    ],
)
def test_arguments_that_are_no_object_poison_no_history(arguments: str) -> None:
    sent = sent_of(ASKED, said(Role.ASSISTANT, ToolCall("a", "f", arguments)))
    (call,) = (part for _, parts_sent in sent for part in parts_sent if isinstance(part, ToolCall))

    assert json.loads(call.arguments) == {"invalid_arguments": arguments}


def test_ids_that_a_server_counts_anew_are_told_apart() -> None:
    """sgl-project/sglang#33343"""
    again = ToolCall("exec:80", "exec", "{}")
    turn = said(Role.ASSISTANT, again), said(Role.TOOL, ToolResult("exec:80", "exec", "1"))
    ids_sent = [m.tool_calls[0].id for m in sendable_messages((ASKED, *turn, *turn, *turn)) if m.tool_calls]

    assert len(set(ids_sent)) == 3


def test_one_system_message_stands_at_the_beginning() -> None:
    """raullenchai/Rapid-MLX#1543, anomalyco/opencode#15059, nathaninline/ajean#26"""
    path = (said(Role.SYSTEM, Text("A")), said(Role.SYSTEM, Text("B")), ASKED, said(Role.ASSISTANT, Text("so")))
    sent = sendable_messages((*path, said(Role.SYSTEM, Text("Now only BLUE.")), ASKED), "Be terse.")

    assert [message.role for message in sent] == [Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER]
    assert sent[0].text == "Be terse.\n\nA\n\nB\n\nNow only BLUE."


def test_an_answer_without_words_or_calls_is_none() -> None:
    """vercel/ai#14950, vercel/ai#13505: neither null nor an empty text is taken by everybody."""
    assert sent_of(ASKED, said(Role.ASSISTANT, Text("")), said(Role.ASSISTANT, Text(" ")), ASKED) == [
        (Role.USER, (Text("hi\n\nhi"),))
    ]


def test_the_ids_that_came_are_known_of_those_that_were_replaced() -> None:
    """BerriAI/litellm#37849"""
    long, ours = ToolCall("x" * 41, "f", "{}"), ToolCall("call_0", "f", "{}", (), True)
    messages, origins = sendable_history((ASKED, said(Role.ASSISTANT, long, ours, CALL)))

    assert origins[1].given_ids == {messages[1].tool_calls[0].id: "x" * 41}


def test_signed_thoughts_stay_here_where_the_call_that_they_led_to_does() -> None:
    data = {"reasoning_details": "[1]", "reasoning_field": '"reasoning"'}

    def kept(outcome: Outcome, *parts: Part) -> dict[str, str]:
        answer = Node("n", None, 0.0, Message(Role.ASSISTANT, parts), AnswerInfo(outcome=outcome, message_data=data))
        return sendable_history((ASKED, answer))[1][1].message_data

    assert kept(Outcome.COMPLETE, Text("so"), CALL) == kept(Outcome.CANCELLED, Text("so")) == data
    assert kept(Outcome.CANCELLED, Text("so"), CALL) == {"reasoning_field": '"reasoning"'}


def cut_answer(text: str = "The sea is bl") -> tuple[Node, ...]:
    answer = Node("a", "q", 0.0, Message(Role.ASSISTANT, (Text(text),)), AnswerInfo(outcome=Outcome.CANCELLED))
    return Node("q", None, 0.0, Message(Role.USER, (Text("Why?"),))), answer


def test_a_model_goes_on_behind_the_last_letter_or_is_asked_to() -> None:
    asked = sendable_history(cut_answer(), then=GO_ON_EXACTLY)[0]
    prefilled = sendable_history(cut_answer(), prefills=True)[0]

    assert [message.text for message in asked] == ["Why?", "The sea is bl", GO_ON_EXACTLY]
    assert [message.text for message in prefilled] == ["Why?", "The sea is bl"]


def test_words_to_go_on_behind_end_in_no_blank_and_keep_theirs_where_something_follows() -> None:
    asked = sendable_history(cut_answer("The sea is \n"), then=GO_ON_EXACTLY)[0]
    prefilled = sendable_history(cut_answer("The sea is \n"), prefills=True)[0]

    assert [message.text for message in asked] == ["Why?", "The sea is \n", GO_ON_EXACTLY]
    assert [message.text for message in prefilled] == ["Why?", "The sea is"]


def test_an_answer_and_what_goes_on_with_it_are_sent_as_one_without_a_seam() -> None:
    marks = Marks(continues=Continuation("a", Continuing.ASKED))
    rest = Node("b", "a", 0.0, Message(Role.ASSISTANT, (Text("ue."),)), AnswerInfo(outcome=Outcome.COMPLETE), marks)
    next_question = Node("p", "b", 0.0, Message(Role.USER, (Text("And the sky?"),)))

    messages = sendable_messages((*cut_answer(), rest, next_question))

    assert [message.text for message in messages] == ["Why?", "The sea is blue.", "And the sky?"]


def test_a_summary_is_told_as_one() -> None:
    marks = Marks(summary=Summary(None, 2, 900, 90))
    summary = Node("s", "a", 0.0, Message(Role.SYSTEM, (Text("They spoke of the sea."),)), None, marks)
    next_question = Node("p", "s", 0.0, Message(Role.USER, (Text("And the sky?"),)))

    system, question = sendable_messages((*cut_answer(), summary, next_question), "Be brief.")

    assert system.text == f"Be brief.\n\n{SUMMARY_OF}\nThey spoke of the sea."
    assert question.text == "And the sky?"
