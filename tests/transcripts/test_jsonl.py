"""Lines of JSON: nothing lost on the way out and back, and nothing hostile taken in."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.values import answer, conversations, question
from tests.transcripts.test_json import CONVERSATION, has_each_call_once
from tui_chat.core.errors import TranscriptError
from tui_chat.core.filed import UNFILED, Filed
from tui_chat.core.tree import Conversation, Node
from tui_chat.transcripts.jsonl import LINES_FORMAT, from_jsonl, is_jsonl, to_jsonl

NODES = (question(), answer())


@given(conversations().filter(has_each_call_once))
def test_every_value_comes_back_and_gives_the_same_bytes(saved: tuple[Conversation, tuple[Node, ...]]) -> None:
    text = to_jsonl(*saved, Filed(("home", "work"), is_archived=True))
    read = from_jsonl(text.encode())
    assert (read.conversation, read.nodes) == saved
    assert to_jsonl(read.conversation, read.nodes, read.filed) == text


def test_a_header_of_before_without_labels_is_read() -> None:
    header, *lines = to_jsonl(CONVERSATION, NODES).splitlines()
    before = json.loads(header)
    del before["labels"], before["archived"]
    read = from_jsonl("\n".join((json.dumps(before), *lines)).encode())
    assert (read.nodes, read.filed) == (NODES, UNFILED)


@given(conversations())
def test_no_character_but_the_newline_ends_a_line(saved: tuple[Conversation, tuple[Node, ...]]) -> None:
    text = to_jsonl(*saved)
    assert len(text.splitlines()) == len(saved[1]) + 1
    assert all(isinstance(json.loads(line), dict) for line in text.splitlines())


def test_the_first_line_is_the_conversation_and_each_other_one_message() -> None:
    header, *lines = map(json.loads, to_jsonl(CONVERSATION, NODES).splitlines())
    assert (header["format"], header["path"], header["messages"]) == (LINES_FORMAT, ["q", "a"], 2)
    assert header["conversation"]["id"] == "c1"
    assert [line["id"] for line in lines] == ["q", "a"]


def test_the_form_is_told_by_its_first_line() -> None:
    assert is_jsonl(b"\xef\xbb\xbf" + to_jsonl(CONVERSATION, NODES).encode())
    assert not any(map(is_jsonl, (b"", b"{}", b"[1]", b'{"format": "tui-chat/1"}', b"\xff")))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda lines: lines[:-1], "promises 2 messages, and 1 follow"),
        (lambda lines: [*lines[:-1], lines[-1][:40]], "line 3 is torn"),
        (lambda lines: [lines[0], f"{lines[1]},{lines[2]}"], "line 2 is torn"),
        (lambda lines: [lines[0], lines[2], lines[1]], "does not come before"),
        (lambda lines: [lines[0], lines[1], lines[1]], "two messages have the id"),
        (lambda lines: lines[1:], "its format is"),
        (lambda lines: [], "no header"),
        (lambda lines: ["[" * 10_000], "no header"),
        (lambda lines: [lines[0], "[" * 100_000, "1"], "line 2 is torn"),
    ],
)
def test_what_is_torn_or_no_such_file_is_refused_in_words(change: object, why: str) -> None:
    assert callable(change)
    text = "\n".join(change(to_jsonl(CONVERSATION, NODES).splitlines()))
    with pytest.raises(TranscriptError) as refused:
        from_jsonl(text.encode())
    assert why in refused.value.failure.message


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_read(data: bytes) -> None:
    for file in (data, to_jsonl(CONVERSATION, NODES).encode() + data):
        with suppress(TranscriptError):
            from_jsonl(file)
