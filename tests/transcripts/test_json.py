"""The JSON document: nothing lost on the way out and back, and nothing hostile taken in."""

import json
from collections.abc import Callable
from decimal import Decimal
from itertools import count

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.values import answer, conversations, question
from tui_chat.core.errors import TranscriptError
from tui_chat.core.filed import Filed
from tui_chat.core.parts import Message, Role, Text, ToolCall
from tui_chat.core.tree import Conversation, Node
from tui_chat.transcripts.importing import from_json, with_new_ids
from tui_chat.transcripts.json import FORMAT, Document, to_json
from tui_chat.transcripts.jsonl import from_jsonl, to_jsonl

CALL = {"type": "tool_call", "id": "call_0", "name": "look_up", "arguments": "{}"}
CONVERSATION = Conversation("c1", 99.0, "Title", "m", "", "a")


def has_each_call_once(saved: tuple[Conversation, tuple[Node, ...]]) -> bool:
    """No answer has two calls of one id, as no answer has that was streamed."""
    ids = [[call.id for call in node.message.tool_calls] for node in saved[1]]
    return all(len(set(one)) == len(one) for one in ids)


@given(conversations().filter(has_each_call_once))
def test_every_value_comes_back_as_it_was(saved: tuple[Conversation, tuple[Node, ...]]) -> None:
    filed = Filed(("home", "work"), is_archived=True)
    document = from_json(to_json(*saved, filed).encode())
    assert (document.conversation, document.nodes, document.filed) == (*saved, filed)


@given(conversations())
def test_no_character_that_a_terminal_obeys_stands_in_the_document(
    saved: tuple[Conversation, tuple[Node, ...]],
) -> None:
    text = to_json(*saved)
    assert all(char == "\n" or (char >= " " and not "\x7f" <= char <= "\x9f") for char in text)
    assert not set(text) & set("\u202e\u2066\u2028\u2029\u200f\U000e0041")


def read(text: str) -> tuple[Conversation, tuple[Node, ...]]:
    document = from_json(text.encode())
    return document.conversation, document.nodes


def test_escaped_characters_are_the_same_characters() -> None:
    words = "a\x1b]0;x\x07\x9b\u202e\u2028\U000e0041 ok 🎉 東京"
    conversation = Conversation("c1", 1.0, words)
    text = to_json(conversation, ())
    assert json.loads(text)["conversation"]["title"] == words
    assert "🎉 東京" in text


def test_the_query_of_a_gateway_is_in_no_document() -> None:
    node = answer()
    assert node.answer is not None
    asked = msgspec.structs.replace(node.answer, gateway="https://me:pw@h.test/v1?code=hush")
    text = to_json(CONVERSATION, (question(), msgspec.structs.replace(node, answer=asked)))
    assert json.loads(text)["nodes"][1]["answer"]["gateway"] == "https://…@h.test/v1?…"


@pytest.mark.parametrize(("write", "read"), [(to_json, from_json), (to_jsonl, from_jsonl)], ids=["JSON", "lines"])
def test_what_followed_on_a_deleted_message_begins_the_document_and_can_be_imported(
    write: Callable[..., str], read: Callable[[bytes], Document]
) -> None:
    nodes = read(write(CONVERSATION, (answer("b"), answer())).encode()).nodes
    assert [(node.id, node.parent_id) for node in nodes] == [("b", None), ("a", None)]


def test_the_document_names_its_format_and_the_path() -> None:
    nodes = (question(), answer("b"), answer())
    document = json.loads(to_json(CONVERSATION, nodes))
    assert document["format"] == FORMAT == "tui-chat/1"
    assert document["path"] == ["q", "a"]
    assert [node["id"] for node in document["nodes"]] == ["q", "b", "a"]


def test_cost_is_an_exact_decimal_in_a_string() -> None:
    usd = "0.0000000" + "27" * 30
    text = to_json(CONVERSATION, (question(), answer(cost=usd)))
    assert json.loads(text)["nodes"][1]["answer"]["cost"] == {"usd": usd, "source": "gateway"}
    _, nodes = read(text)
    assert nodes[1].answer is not None
    assert nodes[1].answer.cost is not None
    assert nodes[1].answer.cost.usd == Decimal(usd)


def test_half_a_surrogate_pair_does_not_make_a_conversation_unreadable() -> None:
    node = Node("q", None, 1.0, Message(Role.USER, (Text("a\ud83d b \ud83c\udf89"),)))
    _, nodes = read(to_json(Conversation("c1", 1.0), (node,)))
    assert nodes[0].message.text == "a\ufffd b 🎉"


def test_fields_of_a_later_program_are_ignored() -> None:
    document = json.loads(to_json(CONVERSATION, (question(), answer())))
    document["mood"] = {"deep": [1]}
    document["nodes"][0]["colour"] = "red"
    assert read(json.dumps(document)) == (CONVERSATION, (question(), answer()))


def test_a_byte_order_mark_is_no_harm() -> None:
    assert read("\ufeff" + to_json(CONVERSATION, (question(), answer())))[0] == CONVERSATION


def changed(**changes: object) -> str:
    document = json.loads(to_json(CONVERSATION, (question(), answer(cost="1"))))
    for place, value in changes.items():
        target = document
        *way, last = place.split("__")
        for step in way:
            target = target[int(step) if step.isdigit() else step]
        target[last] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "truncated"),
        ("not json", "malformed"),
        ("[]", "object"),
        ("{}", "does not name its format"),
        ('{"format": "tui-chat/2"}', "tui-chat/2"),
        ('{"format": 1}', "str"),
        ('{"format": "tui-chat/1"}', "conversation"),
        ("[" * 500_000, "object"),
        ('{"format": "tui-chat/1", "x": ' + "[" * 500_000, "deep"),
        ('{"format": "tui-chat/1", "conversation": "\\ud800 and on"}', "malformed"),
        (changed(conversation__id="../../etc"), "cannot be an id"),
        (changed(conversation__id="\x1b[2J"), "cannot be an id"),
        (changed(conversation__id=""), "cannot be an id"),
        (changed(conversation__head_id="z"), "last message is missing"),
        (changed(conversation__created_at=-1), "time"),
        (changed(nodes__0__created_at=1e300), "time"),
        (changed(nodes__0__parent_id="a"), "does not come before"),
        (changed(nodes__0__parent_id="q"), "does not come before"),
        (changed(nodes__1__id="q"), "two messages"),
        (changed(nodes__1__message__parts=[CALL, CALL]), "two calls in the message a have the id “call_0”"),
        (changed(nodes__1__answer__cost__usd="1E+999999"), "no amount of money"),
        (changed(nodes__1__answer__cost__usd="NaN"), "no amount of money"),
        (changed(nodes__1__answer__cost__usd="-0.5"), "no amount of money"),
        (changed(nodes__1__answer__counts={"prompt_tokens": -1}), "a count of the message"),
        (changed(nodes__1__answer__outcome="great"), "great"),
        (changed(nodes__0__message__role="root"), "root"),
        (changed(nodes__0__message__parts=[{"type": "script"}]), "script"),
        (changed(nodes="many"), "array"),
    ],
)
def test_what_is_no_sound_export_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(TranscriptError, match="cannot be imported") as caught:
        read(text)
    assert why in str(caught.value)
    assert caught.value.failure.advice
    assert "\x1b" not in str(caught.value)


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(TranscriptError):
        read(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_an_export_with_any_value_in_any_place_is_read_or_refused(data: st.DataObject) -> None:
    document = json.loads(to_json(CONVERSATION, (question(), answer(cost="1"))))
    place = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(json_values)
    try:
        conversation, nodes = read(json.dumps(document))
    except TranscriptError:
        return
    assert read(to_json(conversation, nodes)) == (conversation, nodes)


def test_calls_of_two_answers_may_have_one_id() -> None:
    calls = (ToolCall("call_0", "look_up", "{}"),)
    answers = (msgspec.structs.replace(answer(id_), message=Message(Role.ASSISTANT, calls)) for id_ in ("a", "b"))
    nodes = (question(), *answers)
    assert read(to_json(CONVERSATION, nodes)) == (CONVERSATION, nodes)


def test_an_import_under_new_ids_keeps_the_shape_of_the_tree() -> None:
    numbers = count()
    conversation, nodes = with_new_ids(CONVERSATION, (question(), answer(), answer("b")), lambda: f"new{next(numbers)}")
    assert [(node.id, node.parent_id) for node in nodes] == [("new0", None), ("new1", "new0"), ("new2", "new0")]
    assert (conversation.id, conversation.head_id) == ("new3", "new1")
    assert msgspec.structs.replace(conversation, id="c1", head_id="a") == CONVERSATION


def test_a_message_with_a_text_that_no_answer_may_have_is_refused_by_name() -> None:
    nodes = [question("first"), question("huge", "x" * 2049, parent_id="first")]

    with pytest.raises(TranscriptError, match="the message huge holds a text of more than 2 KB") as caught:
        from_json(to_json(Conversation("c1", 1.0), nodes).encode(), largest_text_bytes=2048)
    assert "Nothing of it was imported" in caught.value.failure.advice


def test_a_text_of_the_largest_size_is_taken_however_its_file_escapes_it() -> None:
    node = question("large", '"' * 2048)

    data = to_json(Conversation("c1", 1.0), [node]).encode()
    assert from_json(data, largest_text_bytes=2048).nodes == (node,)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_bytes_that_are_no_utf8_become_replacement_characters(mark: bytes) -> None:
    data = mark + to_json(Conversation("c1", 1.0, "Ti?le"), (question(),)).encode().replace(b"Ti?le", b"Ti\xffle")

    assert from_json(data).conversation.title == "Ti\ufffdle"
