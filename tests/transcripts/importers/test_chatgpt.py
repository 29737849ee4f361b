"""ChatGPT's export: each known variant of its conversations, and what nobody knows."""

import json

import pytest

from tests.transcripts.importers.exports import by, chatgpt, node, said
from tests.transcripts.importers.reading import by_id, parts, read, read_one, shape
from tui_chat.core.errors import TranscriptError
from tui_chat.core.parts import Foreign, Image, Reasoning, Role, Source, Text, ToolCall, ToolResult
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import pending_calls
from tui_chat.transcripts.importers.found import HIDDEN, NAMED_PICTURES, Unreadable
from tui_chat.transcripts.importers.json_files import read_json

U, A, T = Role.USER, Role.ASSISTANT, Role.TOOL


def small(*nodes: dict[str, object], head: object = None, **more: object) -> dict[str, object]:
    return {"id": "c1", "title": "t", "mapping": {str(one["id"]): one for one in nodes}, "current_node": head, **more}


def test_the_tree_comes_with_its_branches_and_the_end_that_was_open() -> None:
    transcript = read_one([chatgpt()])
    assert shape(transcript) == [
        ("q", None, U),
        ("c", "q", A),
        ("r", "c", T),
        ("w", "r", T),
        ("a", "w", A),
        ("q2", "a", U),
        ("a2", "q2", A),
        ("q3", "a", U),
        ("a3", "q3", A),
    ]
    conversation = transcript.conversation
    assert (conversation.id, conversation.title) == ("68c13686-4a3c-8329-940b-479ccb6a079f", "Tides")
    assert (conversation.head_id, conversation.model, conversation.created_at) == ("a2", "gpt-5-thinking", 1.0)


def test_hidden_messages_are_left_out_and_counted() -> None:
    assert read_one([chatgpt()]).left_out[HIDDEN] == 2


def test_a_picture_is_named_where_its_bytes_are_not_there_and_shown_where_they_are() -> None:
    transcript = read_one([chatgpt()])
    assert transcript.left_out[NAMED_PICTURES] == 2
    (picture, words) = parts(transcript, "q")
    assert isinstance(picture, Foreign)
    assert "file-Aa1" in picture.json
    assert words == Text("When?")
    url = "data:image/png;base64,AA"
    assert parts(read_one([chatgpt()], {"file-Aa1": url}), "q")[0] == Image(url)


def test_thoughts_and_their_recap_are_reasoning_of_the_answer_that_follows() -> None:
    transcript = read_one([chatgpt()])
    assert parts(transcript, "c")[0] == Reasoning("Look\n\nAt the table.")
    assert parts(transcript, "a")[:2] == (Reasoning("Thought for 8 seconds"), Text("At 14."))


def test_thoughts_over_several_messages_stand_in_one_answer_in_their_order() -> None:
    thoughts = [{"content_type": "thoughts", "thoughts": [{"content": word}]} for word in ("one", "two")]
    nodes = [
        node("q", None, said("q", "user", "Hi")),
        node("a", "t2", said("a", "assistant", "Ho")),
        node("t2", "t1", said("t2", "assistant", thoughts[1])),
        node("t1", "q", said("t1", "assistant", thoughts[0])),
    ]
    transcript = read_one([small(*nodes)])
    assert shape(transcript) == [("q", None, U), ("a", "q", A)]
    assert parts(transcript, "a") == (Reasoning("one"), Reasoning("two"), Text("Ho"))


def test_code_that_was_run_is_a_call_and_what_it_printed_its_result() -> None:
    transcript = read_one([chatgpt()])
    assert parts(transcript, "c")[1] == ToolCall("c", "python", '{"input":"print(14)"}')
    assert parts(transcript, "r") == (ToolResult("c", "python", "14"),)
    assert parts(transcript, "w") == (ToolResult("c", "browser", "Noon."), Source("https://tides.test/", "Tides"))


def test_no_call_waits_for_anybody() -> None:
    call = {"content_type": "code", "language": "json", "text": '{"q": "tides"}'}
    nodes = [node("q", None, said("q", "user", "Hi")), node("c", "q", said("c", "assistant", call, recipient="web"))]
    transcript = read_one([small(*nodes, head="c")])
    (part,) = parts(transcript, "c")
    assert isinstance(part, ToolCall)
    assert part.arguments == '{"q": "tides"}'
    assert part.flaw
    assert pending_calls(transcript.nodes) == ()


def test_code_for_a_person_is_a_block_of_code() -> None:
    code = {"content_type": "code", "language": "unknown", "text": "a ``` b"}
    transcript = read_one([small(node("a", None, said("a", "assistant", code)))])
    assert parts(transcript, "a") == (Text("````\na ``` b\n````"),)


def test_models_and_sources_are_those_of_the_answer() -> None:
    transcript = read_one([chatgpt()])
    models = {key: one.answer.requested_model for key, one in by_id(transcript).items() if one.answer is not None}
    assert models == {"c": "gpt-5", "a": "gpt-5-thinking", "a2": "gpt-4o", "a3": ""}
    assert parts(transcript, "a")[2] == Source("https://tides.test/", "Tides")


def test_a_message_without_a_time_has_that_of_the_one_before_it() -> None:
    transcript = read_one([chatgpt()])
    assert by_id(transcript)["a3"].created_at == 8.0


@pytest.mark.parametrize("at", [None, "soon", -1, 1e400, [], True, float("nan")])
def test_a_time_that_is_none_does_no_harm(at: object) -> None:
    transcript = read_one([small(node("q", None, {**said("q", "user", "Hi"), "create_time": at}), create_time=5)])
    assert transcript.nodes[0].created_at == 5.0


def test_a_message_without_metadata_author_or_content_is_no_fault() -> None:
    nodes = [
        node("q", None, {"content": {"parts": ["Hi"]}, "author": {"role": "user"}}),
        node("x", "q", {"author": None, "content": None}),
        node("a", "x", {"author": {"role": "assistant"}, "content": {"content_type": "text", "parts": ["Ho"]}}),
    ]
    assert shape(read_one([small(*nodes)])) == [("q", None, U), ("a", "q", A)]


def test_content_of_an_unknown_type_is_kept_as_it_came() -> None:
    content = {"content_type": "hologram", "beams": [1, 2]}
    transcript = read_one([small(node("a", None, said("a", "assistant", content)))])
    assert parts(transcript, "a") == (Foreign("hologram", '{"beams":[1,2]}'),)


def test_a_failed_and_a_cut_answer_are_said_to_be_so() -> None:
    failed = said("e", "assistant", {"content_type": "system_error", "name": "x", "text": "It broke."})
    cut = said("i", "assistant", "Half", metadata=by("m", finish_details={"type": "interrupted"}))
    transcript = read_one([small(node("e", None, failed), node("i", "e", cut))])
    outcomes = [one.answer.outcome for one in transcript.nodes if one.answer is not None]
    assert outcomes == [Outcome.ERROR, Outcome.TRUNCATED]


def test_a_system_message_that_is_seen_is_not_sent() -> None:
    transcript = read_one([small(node("s", None, said("s", "system", "Obey.")))])
    assert transcript.nodes[0].marks.is_muted
    assert transcript.conversation.system == ""


def test_circles_and_missing_parents_are_cut() -> None:
    nodes = [
        node("a", "b", said("a", "user", "one")),
        node("b", "a", said("b", "assistant", "two")),
        node("c", "gone", said("c", "user", "three")),
        node("d", "d", said("d", "user", "four")),
    ]
    transcript = read_one([small(*nodes, head="nowhere")])
    assert sorted(one.id for one in transcript.nodes) == ["a", "b", "c", "d"]


def test_a_line_of_ten_thousand_messages_is_no_deeper_than_one() -> None:
    nodes = [node(f"n{at}", f"n{at - 1}", said(f"n{at}", "user", "x")) for at in range(10_000)]
    transcript = read_one([small(*reversed(nodes), head="n9999")])
    assert len(transcript.nodes) == 10_000
    assert transcript.conversation.head_id == "n9999"


def test_an_attached_picture_stands_in_its_question_once_and_another_file_beside_it() -> None:
    picture = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-Aa1"}
    attached = {"attachments": [{"id": "file-Aa1", "name": "a.png"}, {"id": "file-Bb2", "name": "b.pdf"}]}
    content = {"content_type": "multimodal_text", "parts": [picture, "Look"]}
    transcript = read_one([small(node("q", None, said("q", "user", content, metadata=attached)))])
    kinds = [part.kind if isinstance(part, Foreign) else "" for part in parts(transcript, "q")]
    assert kinds == ["attachment", "image_asset_pointer", ""]


def test_many_thoughts_in_a_row_cost_what_few_do() -> None:
    content = {"content_type": "thoughts", "thoughts": [{"content": "x"}]}
    nodes = [node(f"n{at}", f"n{at - 1}", said(f"n{at}", "assistant", content)) for at in range(20_000)]
    (only,) = read_one([small(*nodes)]).nodes
    assert len(only.message.parts) == 20_000


def test_ids_that_cannot_be_ids_become_others_the_same_ones_each_time() -> None:
    nodes = [node("../../etc", None, said("x", "user", "Hi")), node("\x1b[2J", "../../etc", said("y", "user", "Ho"))]
    export = {**small(*nodes), "id": "\x1b]0;x\x07"}
    first, second = read_one([export]), read_one([export])
    assert first == second
    assert first.nodes[1].parent_id == first.nodes[0].id
    assert first.conversation.id.isalnum()


def test_halves_of_characters_and_numbers_that_are_none_are_read_all_the_same() -> None:
    text = json.dumps([small(node("q", None, said("q", "user", "Hi HALF")), create_time=float("nan"))])
    found = read_json(text.replace("HALF", r"\ud83d").encode(), lambda _: None)
    (one,) = found.transcripts
    assert not isinstance(one, Unreadable)
    assert one.nodes[0].message.text == "Hi \ufffd"


def test_one_conversation_that_cannot_be_read_leaves_the_others() -> None:
    found = list(read_json(json.dumps([chatgpt(), {"mood": 1}, chatgpt()]).encode(), lambda _: None).transcripts)
    assert [isinstance(one, Unreadable) for one in found] == [False, True, False]


def test_a_file_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    text = json.dumps([chatgpt(), chatgpt()])
    found = list(read_json(text[:-300].encode(), lambda _: None).transcripts)
    assert not isinstance(found[0], Unreadable)
    assert isinstance(found[1], Unreadable)
    assert "breaks off behind conversation 1" in found[1].why


def test_one_conversation_without_an_array_around_it_is_read_too() -> None:
    assert read_one(chatgpt()) == read_one([chatgpt()])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[]", "holds no conversation"),
        ('[{"title', "breaks off before"),
        ('[{"uuid": "x", "chat_messages": []}]', "no conversation of a known program"),
        ("[" * 500_000, "nested too deeply"),
        ('[{"mapping": ' + "[" * 500_000, "nested too deeply"),
    ],
)
def test_what_is_no_export_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(TranscriptError, match=why) as caught:
        list(read_json(text.encode(), lambda _: None).transcripts)
    assert "conversations.json" in caught.value.failure.advice


def test_several_conversations_are_several() -> None:
    assert len(read([chatgpt(), {**chatgpt(), "conversation_id": "other"}])) == 2
