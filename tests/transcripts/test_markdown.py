"""The Markdown document: what stands in it, and that nothing from outside breaks it or a terminal."""

import time
from datetime import UTC, timedelta, timezone
from decimal import Decimal
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.store.values import answer, conversations, question
from tui_chat.core.answer import AnswerInfo, Timing
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.parts import (
    File,
    Foreign,
    Image,
    Media,
    Message,
    Part,
    Reasoning,
    Refusal,
    Role,
    Source,
    Text,
    ToolCall,
    ToolResult,
)
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation, Node
from tui_chat.core.usage import Cost, CostSource, Spending, TokenCounts
from tui_chat.transcripts.markdown import to_markdown
from tui_chat.transcripts.reading import ReadingOptions

CONVERSATION = Conversation("c1", 0.0, "Why is it so?", head_id="a")


def said(*parts: Part, **info: object) -> str:
    made = msgspec.structs.replace(AnswerInfo("asked/model", "answered/model", outcome=Outcome.COMPLETE), **info)
    return to_markdown(CONVERSATION, (Node("a", None, 0.0, Message(Role.ASSISTANT, parts), made),))


def headings(text: str) -> list[str]:
    tokens = MarkdownIt().parse(text)
    return [after.content for token, after in pairwise(tokens) if token.type == "heading_open" and token.level == 0]


def test_a_plain_exchange_reads_like_one() -> None:
    info = AnswerInfo(
        "openai/gpt-4o-mini",
        "openai/gpt-4o-mini",
        outcome=Outcome.COMPLETE,
        finish_reason="stop",
        counts=TokenCounts(20, 6, 26),
        cost=Cost(Decimal("0.0000270"), CostSource.GATEWAY),
        timing=Timing(0.42, 3.14),
    )
    path = (question(at=1.0), Node("a", "q", 2.5, Message(Role.ASSISTANT, (Text("Because **so**."),)), info))
    assert to_markdown(CONVERSATION, path, options=ReadingOptions(zone=UTC)) == (
        "# Why is it so?\n\n"
        "1970-01-01 00:00:00Z · 1 answer · $0.000027\n\n"
        "## You · 1970-01-01 00:00:01Z\n\n"
        "Why?\n\n"
        "## Assistant · `openai/gpt-4o-mini` · 1970-01-01 00:00:02Z\n\n"
        "Because **so**.\n\n"
        "*20 tokens in · 6 tokens out · 26 together · $0.000027 · first token after 0.42 s · 3.1 s in all*\n"
    )
    titled = ReadingOptions(zone=UTC, beside=Spending(1, Decimal("0.3")))
    assert "1 answer · 1 title · $0.300027\n" in to_markdown(CONVERSATION, path, options=titled)


def test_the_model_that_answered_stands_at_its_answer() -> None:
    assert "## Assistant · `answered/model` ·" in said(Text("x"))
    assert "## Assistant · `asked/model` ·" in said(Text("x"), model=None)


def test_reasoning_is_a_quotation_and_can_be_left_out() -> None:
    parts = (Reasoning("Let me\n\nthink", 3.1), Text("Done."))
    assert "> **Reasoning** · 3.1 s\n>\n> Let me\n>\n> think\n\nDone." in said(*parts)
    path = (Node("a", None, 0.0, Message(Role.ASSISTANT, parts), AnswerInfo("m", outcome=Outcome.COMPLETE)),)
    without = to_markdown(CONVERSATION, path, options=ReadingOptions(reasoning=False))
    assert "think" not in without
    assert "Done." in without


def test_tool_calls_and_results_stand_in_code() -> None:
    text = said(ToolCall("call_1", "get_weather", '{"city": "Paris"}'))
    assert '**Tool call** `get_weather` · `call_1`\n\n```json\n{"city": "Paris"}\n```' in text
    result = Node("t", "a", 0.0, Message(Role.TOOL, (ToolResult("call_1", "get_weather", "boom", True),)))
    assert "**Tool error** `get_weather` · `call_1`\n\n```\nboom\n```" in to_markdown(CONVERSATION, (result,))


def test_attachments_are_named() -> None:
    message = Message(Role.USER, (File("a`b.txt", "in it"), Image("data:image/png;base64,AAAA", "cat.png")))
    text = to_markdown(CONVERSATION, (Node("q", None, 0.0, message),))
    assert "**File** ``a`b.txt``\n\n```\nin it\n```" in text
    assert "**Image** `cat.png`" in text
    assert "AAAA" not in text


@pytest.mark.parametrize(
    ("info", "ending"),
    [
        ({"outcome": Outcome.TRUNCATED}, "*Incomplete: the connection ended before the answer did*"),
        ({"outcome": Outcome.CANCELLED}, "*Stopped: what had arrived is kept*"),
        (
            {"outcome": Outcome.COMPLETE, "finish_reason": "length"},
            "*Cut off: the limit on the answer's length was reached*",
        ),
        ({"outcome": None}, "*The answer is still being written.*"),
        (
            {"outcome": Outcome.ERROR, "failure": Failure(ErrorKind.GATEWAY, "It *broke*", "Again")},
            "*Failed: It \\*broke\\**",
        ),
    ],
)
def test_an_answer_that_did_not_simply_stop_says_so(info: dict[str, object], ending: str) -> None:
    assert ending in said(Text("Half"), **info)


def test_a_plain_end_is_not_mentioned() -> None:
    assert "*" not in said(Text("x"), finish_reason="stop")


def test_a_refusal_is_kept_apart_from_the_words() -> None:
    assert "> **Refused**\n>\n> I cannot." in said(Refusal("I cannot."))


def test_an_estimate_is_marked_and_unknown_is_not_zero() -> None:
    assert "*~$0.5" in said(Text("x"), cost=Cost(Decimal("0.50"), CostSource.ESTIMATE))
    unknown = said(Text("x"))
    assert "$" not in unknown
    assert " 0 " not in unknown


def test_a_share_of_the_tokens_is_named_where_there_is_one() -> None:
    assert "20 tokens in · 6 tokens out · 4 of them reasoning" in said(Text("x"), counts=TokenCounts(20, 6, 26, 4, 0))


def test_times_are_written_in_the_zone_that_was_asked_for() -> None:
    zone = timezone(timedelta(hours=2))
    assert "1970-01-01 02:00:00+02:00" in to_markdown(CONVERSATION, (), options=ReadingOptions(zone=zone))
    assert "1970" not in to_markdown(CONVERSATION, (question(),), options=ReadingOptions(times=False))


def test_times_are_those_of_the_user_where_no_zone_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "XXX-05:30")
        time.tzset()
        assert "1970-01-01 05:30:00+05:30" in to_markdown(CONVERSATION, ())
    time.tzset()


def test_days_and_long_waits_stand_between_messages() -> None:
    hour_s = 3600.0
    path = [question(at=at) for at in (0.0, 1.0, 5 * hour_s, 25 * hour_s, 24 * hour_s)]
    text = to_markdown(CONVERSATION, path, options=ReadingOptions(zone=UTC))
    between = [line for line in text.split("\n") if line.startswith("*")]
    assert between == ["*4 h later*", "*Fri 2 Jan 1970*"]
    assert "\n\n---\n\n*4 h later*\n\n## You" in text
    assert len(headings(text)) == 1 + len(path)
    without = to_markdown(CONVERSATION, path, options=ReadingOptions(times=False, zone=UTC))
    assert "---" not in without
    assert "later" not in without


def test_a_code_block_that_was_cut_does_not_swallow_what_follows() -> None:
    cut = answer(text="Look:\n~~~~python\nprint(1)\n```")
    text = to_markdown(CONVERSATION, (cut, question(text="Go on")))
    assert headings(text)[2].startswith("You")


@pytest.mark.parametrize(
    "words",
    [
        "- ```\n  x\n  ```",
        "1. a\n   ```sh\n   x",
        "> ```\n> x",
        "<!-- never\n\nclosed",
        "<script>\n\n```",
        "text <!-- in it",
        "<![CDATA[\n\n",
        "<?php\n\n",
    ],
)
def test_nothing_that_was_left_open_swallows_what_follows(words: str) -> None:
    assert headings(to_markdown(CONVERSATION, (answer(text=words), question())))[2].startswith("You")


def test_a_code_block_in_a_list_stays_as_it_was() -> None:
    words = "1. Do:\n   ```sh\n   ls\n   ```\n2. Then <b>this</b>"
    assert words in said(Text(words))


@given(st.text("`~ \nab<!->", max_size=40), st.text("`~ \nab", max_size=40))
def test_no_text_and_no_arguments_break_out_of_their_place(words: str, arguments: str) -> None:
    node = Node("a", None, 0.0, Message(Role.ASSISTANT, (Text(words), ToolCall("i", "n", arguments))), AnswerInfo("m"))
    tokens = MarkdownIt().parse(to_markdown(CONVERSATION, (node, question())))
    assert [token.content for token in tokens if token.type == "inline"][-2].startswith("You · ")
    assert [token.content.rstrip("\n") for token in tokens if token.info == "json"] == [arguments.rstrip("\n")]


@given(conversations())
def test_any_conversation_becomes_a_document_that_no_terminal_obeys(
    saved: tuple[Conversation, tuple[Node, ...]],
) -> None:
    text = to_markdown(*saved)
    assert all(char in "\n\t" or (char >= " " and not "\x7f" <= char <= "\x9f") for char in text)
    assert not set(text) & set("\u202e\u2066\u2028\u2029\U000e0041")
    assert text == to_markdown(*saved)
    assert text.encode()


def test_a_title_is_text_and_not_markup() -> None:
    conversation = Conversation("c1", 0.0, "# [x](javascript:y) \x1b[31m\n*z*")
    assert to_markdown(conversation, ()).startswith("# \\# \\[x\\](javascript:y) ␛\\[31m \\*z\\*\n")


def test_a_time_that_no_calendar_has_is_a_dash() -> None:
    assert "## You · –" in to_markdown(CONVERSATION, (question(at=1e300),))


def test_what_came_beside_words_is_named_with_type_and_size() -> None:
    text = said(
        Text("Here."),
        Image("data:image/png;base64,AAAA"),
        Media("audio", "data:audio/wav;base64,AAAA", "", "audio/wav"),
        Foreign("holo*gram*", "{}"),
    )
    assert "**Image** `image/png` · `3 B`" in text
    assert "**Sound** `audio/wav` · `3 B`" in text
    assert "**Part of the type holo\\*gram\\*** `2 B`" in text


def test_sources_stand_under_the_answer() -> None:
    text = said(Source("https://example.org/a", "The *tides*", 1), Text("High water[1]."), Source("javascript:x`<y>"))
    assert (
        "High water[1].\n\n**Sources**\n\n- \\[1\\] The \\*tides\\* · <https://example.org/a>\n- ``javascript:x`<y>``"
    ) in text
