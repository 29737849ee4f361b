"""What is hidden on the way out: in every form, in every place, and never told by its letters."""

import base64
import json

import pytest
from hypothesis import given

from tests.store.values import answer, conversations, question
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.filed import Filed
from tui_chat.core.marks import Continuation, Continuing, Marks
from tui_chat.core.parts import File, Image, Media, Message, Part, Reasoning, Role, Source, Text, ToolCall, ToolResult
from tui_chat.core.redact import Secrets
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation, Node, Tree
from tui_chat.transcripts.exporting import SUFFIXES, Choice, exported
from tui_chat.transcripts.redacting import Finding, Redactor, findings_words, redacted

KEY = "sr_live_Zq81LmW04xPtYv77"
OTHER = "sk-proj-A1b2C3d4E5f6G7h8I9j0"
CODE = "ACME-4711"
REDACTOR = Redactor(Secrets([KEY]), (r"ACME-\d+",))
INFO = AnswerInfo("m", outcome=Outcome.COMPLETE)
CONVERSATION = Conversation("c1", 0.0, f"About {CODE}", system=f"Use {KEY}.", head_id="a")


def one(*parts: Part, **info: object) -> tuple[Node, tuple[Finding, ...]]:
    _, nodes, findings = redacted(REDACTOR, CONVERSATION, [Node("a", None, 0.0, Message(Role.ASSISTANT, parts), INFO)])
    return nodes[0], tuple(found for found in findings if found.message)


@pytest.mark.parametrize("form", SUFFIXES)
def test_keys_and_patterns_are_hidden_in_every_form(form: str) -> None:
    parts: tuple[Part, ...] = (
        Text(f"{KEY} {OTHER} {CODE}"),
        Reasoning(f"{KEY} {OTHER} {CODE}"),
        ToolCall("call_1", "f", json.dumps({"key": OTHER, CODE: KEY})),
        ToolResult("call_1", "f", f"password = hunter2hunter2 {CODE}"),
        File(f"{CODE}.txt", f"postgres://me:{CODE}pw@h/db AKIAABCDEFGHIJKLMNOP"),
        Source(f"https://x.test/?k={KEY}", CODE),
        Image(f"https://x.test/{OTHER}.png"),
    )
    node = Node("a", None, 0.0, Message(Role.ASSISTANT, parts), INFO)
    found = exported(Choice(form, redactor=REDACTOR), CONVERSATION, Tree([node]))
    for secret in (KEY, OTHER, CODE, KEY[8:], OTHER[8:], "hunter2", "AKIA", base64.b64encode(KEY.encode()).decode()):
        assert secret not in found.text
    kinds = {finding.kind for finding in found.findings}
    assert {"a key in use", "what looks like a key", "your pattern 1"} <= kinds
    assert all(secret not in line for line in findings_words(found.findings) for secret in (KEY, OTHER, CODE))


def test_what_was_hidden_is_told_by_kind_count_and_message() -> None:
    nodes = (question(text=f"{CODE} {CODE}"), answer(text=OTHER))
    _, _, findings = redacted(REDACTOR, CONVERSATION, nodes)
    assert findings_words(findings) == [
        "Hidden 1 × a key in use, in the title, labels or system prompt.",
        "Hidden 3 × your pattern 1, in the title, labels or system prompt and in message 1.",
        "Hidden 1 × what looks like a key, in message 2.",
    ]


def test_json_stays_json_also_where_letters_are_escaped() -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in KEY)
    node, findings = one(ToolCall("c", "f", f'{{"k": "{escaped}"}}'))
    (call,) = node.message.tool_calls
    assert json.loads(call.arguments) == {"k": "[key hidden]"}
    assert [finding.count for finding in findings] == [1]


def test_a_secret_that_an_answer_and_its_continuation_share_is_hidden() -> None:
    first = Node("a", None, 0.0, Message(Role.ASSISTANT, (Text(f"It is {OTHER[:16]}"),)), INFO)
    marks = Marks(continues=Continuation("a", Continuing.PREFILL))
    second = Node("b", "a", 1.0, Message(Role.ASSISTANT, (Text(f"{OTHER[16:]}."),)), INFO, marks)
    conversation = Conversation("c1", 0.0, head_id="b")
    text = exported(Choice("text", redactor=REDACTOR), conversation, Tree([first, second])).text
    assert OTHER[8:16] not in text
    assert OTHER[16:] not in text


def test_a_key_inside_of_bytes_that_are_text_is_hidden() -> None:
    url = "data:text/plain;base64," + base64.b64encode(f"x {OTHER} y".encode()).decode()
    node, _ = one(Media("file", url, "a.txt"))
    (part,) = node.message.beside_words
    assert part == Media("file", "data:text/plain,[key hidden]", "a.txt")


def test_ids_that_are_hidden_still_join_a_call_and_its_result() -> None:
    nodes = (
        Node(OTHER, None, 0.0, Message(Role.ASSISTANT, (ToolCall(CODE, "f", "{}"),)), INFO),
        Node("r", OTHER, 0.0, Message(Role.TOOL, (ToolResult(CODE, "f", "x"),))),
    )
    _, (asked, given_), _ = redacted(REDACTOR, Conversation("c1", 0.0, head_id="r"), nodes)
    result = given_.message.parts[0]
    assert isinstance(result, ToolResult)
    assert given_.parent_id == asked.id != OTHER
    assert result.call_id == asked.message.tool_calls[0].id != CODE


@given(conversations())
def test_where_nothing_is_to_be_hidden_every_value_stays(saved: tuple[Conversation, tuple[Node, ...]]) -> None:
    conversation, nodes, findings = redacted(Redactor(), *saved)
    if not findings:
        assert (conversation, nodes) == saved
    assert redacted(Redactor(), *saved) == (conversation, nodes, findings)


@given(conversations())
def test_a_pattern_of_one_letter_is_found_wherever_it_stands(saved: tuple[Conversation, tuple[Node, ...]]) -> None:
    redactor = Redactor(patterns=("é",))
    nodes = (*saved[1], question("é1", "é"))
    for form in SUFFIXES:
        assert "é" not in exported(Choice(form, redactor=redactor), saved[0], Tree(nodes), Filed(("café",))).text
