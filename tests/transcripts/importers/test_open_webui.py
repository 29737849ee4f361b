"""Open WebUI's export: each known variant of its chats."""

import pytest

from tests.transcripts.importers.exports import CALL, PNG, message, open_webui
from tests.transcripts.importers.reading import by_id, parts, read, read_one, shape
from tui_chat.core.parts import File, Foreign, Image, Reasoning, Role, Source, Text, ToolCall, ToolResult
from tui_chat.core.stream_events import Outcome
from tui_chat.core.usage import TokenCounts
from tui_chat.transcripts.importers.details import parts_in
from tui_chat.transcripts.importers.found import EMPTY, NAMED_PICTURES, PARAMETERS

U, A, T = Role.USER, Role.ASSISTANT, Role.TOOL


def test_the_tree_comes_with_its_branches_calls_before_results_before_words() -> None:
    transcript = read_one([open_webui()])
    assert shape(transcript) == [
        ("u1", None, U),
        ("a1:0", "u1", A),
        ("a1:1", "a1:0", T),
        ("a1", "a1:1", A),
        ("a2:0", "u1", A),
        ("a2:1", "a2:0", T),
        ("a2", "a2:1", A),
        ("u2", "a2", U),
        ("a3", "u2", A),
    ]
    conversation = transcript.conversation
    assert (conversation.title, conversation.head_id, conversation.created_at) == ("Tides", "a3", 1_700_000_000.0)


def test_the_system_prompt_comes_and_no_parameter() -> None:
    transcript = read_one([open_webui()])
    assert transcript.conversation.system == "Be brief."
    assert transcript.conversation.sampling.temperature is None
    assert transcript.left_out[PARAMETERS] == 1


def test_thoughts_and_calls_in_the_text_are_parts() -> None:
    transcript = read_one([open_webui()])
    call = ToolCall("call_1", "tide", '{"port": "Brest"}')
    assert parts(transcript, "a1:0") == (Reasoning("weighing & options\nagain", 7.0), call)
    assert parts(transcript, "a1:1") == (ToolResult("call_1", "tide", '"14:05"'),)
    assert parts(transcript, "a1") == (Text("At 14:05."),)


def test_output_items_are_taken_before_the_text_that_repeats_them() -> None:
    transcript = read_one([open_webui()])
    assert parts(transcript, "a2:0") == (Reasoning("check"), ToolCall("call_9", "tide", '{"port":"Brest"}'))
    assert parts(transcript, "a2:1") == (ToolResult("call_9", "", "15:00"),)
    assert parts(transcript, "a2") == (Text("At 15:00."), Source("https://tides.test/", "Tides"))


def test_pictures_come_with_their_bytes_files_with_their_text_and_the_rest_by_name() -> None:
    transcript = read_one([open_webui()])
    picture, named, file, words = parts(transcript, "u1")
    assert picture == Image(f"data:image/png;base64,{PNG}")
    assert isinstance(named, Foreign)
    assert "/api/v1/files/abc" in named.json
    assert (file, words) == (File("tides.txt", "Noon."), Text("When?"))
    assert transcript.left_out[NAMED_PICTURES] == 1


def test_models_tokens_and_failures_are_those_of_the_answer() -> None:
    answers = {key: one.answer for key, one in by_id(read_one([open_webui()])).items() if one.answer is not None}
    assert answers["a1"].requested_model == "llama3"
    assert answers["a1"].counts == TokenCounts(5)
    assert answers["a3"].outcome is Outcome.ERROR
    assert answers["a3"].failure is not None
    assert answers["a3"].failure.message == "boom"


def test_a_chat_of_an_older_version_is_a_flat_list() -> None:
    messages = [message("m1", None, "user", "Hi"), message("m2", None, "assistant", "Ho", done=False)]
    transcript = read_one([{"id": "c", "title": "flat", "chat": {"models": ["m"], "messages": messages}}])
    assert shape(transcript) == [("m1", None, U), ("m2", "m1", A)]
    assert transcript.nodes[1].answer is not None
    assert transcript.nodes[1].answer.outcome is Outcome.TRUNCATED


def test_a_single_chat_is_read_with_and_without_what_stands_around_it() -> None:
    whole = open_webui()
    inner = whole["chat"]
    assert isinstance(inner, dict)
    assert shape(read_one(whole)) == shape(read_one(inner)) == shape(read_one([inner]))


def test_a_question_in_parts_keeps_its_picture() -> None:
    content = [
        {"type": "text", "text": "Look"},
        {"type": "image_url", "image_url": {"url": "https://tides.test/a.png"}},
    ]
    chat = {"title": "t", "messages": [{"role": "user", "content": content}]}
    assert parts(read_one([{"chat": chat}]), "m0") == (Text("Look"), Image("https://tides.test/a.png"))


def test_an_empty_chat_is_counted() -> None:
    empty = {"id": "e", "title": "Empty", "chat": {"history": {"messages": {}, "currentId": None}}}
    assert [one.left_out.get(EMPTY, 0) for one in read([empty, open_webui()])] == [1, 0]


def test_a_picture_with_a_script_in_it_is_none() -> None:
    files = [{"type": "image", "url": "data:image/svg+xml;base64,PHN2Zy8+"}]
    transcript = read_one([{"chat": {"messages": [message("m", None, "user", "Look", files=files)]}}])
    assert [type(part) for part in parts(transcript, "m")] == [Foreign, Text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("plain", [Text("plain")]),
        (f"```html\n{CALL}\n```", [Text(f"```html\n{CALL}\n```")]),
        ('<details type="reasoning" done="false">\nopen', [Text('<details type="reasoning" done="false">\nopen')]),
        ('<details type="reasoning">\n> a\n</details>\n', [Reasoning("a")]),
        ('<details type="tool_calls" name="f">\n<summary>x</summary>\n</details>', [ToolCall("", "f", "{}")]),
        (
            'A\n<details type="tool_calls" done="true" id="1" name="f">\n<summary>x</summary>\nr\n</details>\nB',
            [Text("A"), ToolCall("1", "f", "{}"), ToolResult("1", "f", "r"), Text("B")],
        ),
    ],
)
def test_blocks_are_parts_where_they_are_no_code(text: str, parts: list[object]) -> None:
    assert list(parts_in(text)) == parts
