"""The usage pane: every figure of an answer, honest about what is not known."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.ui.pane_app import PaneApp, alone
from tui_chat.chat.session_events import AnswerEnded, AnswerStarted, ReplyGrew, Retrying
from tui_chat.core.answer import AnswerInfo, Timing
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.limits import LimitLeft
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.parts import Message, Role, Text
from tui_chat.core.request import Sampling
from tui_chat.core.stream_events import Connected, Outcome, TextDelta, UsageReported
from tui_chat.core.tree import Node, spending
from tui_chat.core.usage import Cost, CostSource, TokenCounts
from tui_chat.ui.panes.usage_pane import UsagePane
from tui_chat.ui.panes.usage_rows import answer_rows, context_rows, limit_rows, total_rows
from tui_chat.ui.rows.rows import width_of
from tui_chat.workspace.context_fill import context_fill

FAILED = Failure(ErrorKind.RATE_LIMIT, "slow down", "Wait.")
CATALOG = Catalog((ModelInfo("a/one", context_tokens=10_000),))
WHOLE = AnswerInfo(
    "a/one",
    model="a/one",
    outcome=Outcome.COMPLETE,
    finish_reason="stop",
    counts=TokenCounts(2_000, 350, 2_350, reasoning_tokens=120, cached_tokens=800),
    cost=Cost(Decimal("0.0123"), CostSource.GATEWAY),
    timing=Timing(0.4, 5.4),
)
UNKNOWN = AnswerInfo("b/two", outcome=Outcome.ERROR, failure=FAILED, retries=2, has_begun=True)


def node(node_id: str, answer: AnswerInfo) -> Node:
    return Node(node_id, None, 0.0, Message(Role.ASSISTANT, (Text("words"),)), answer)


def words(rows: object) -> str:
    assert isinstance(rows, list)
    return "\n".join("".join(text for _, text in row) for row in rows)


def shown(app: PaneApp) -> str:
    return "\n".join(app.lines("#usage-rows"))


def test_an_answer_shows_who_served_it_behind_the_gateway_and_its_id_there() -> None:
    named = replace(WHOLE, response_id="gen-1", provider_data={"provider": '"Gr\\u001boq"'})
    assert "served by Gr␛oq · id gen-1" in words(answer_rows(named, 60))
    assert "served by" not in words(answer_rows(replace(WHOLE, provider_data={"provider": '{"a":1}'}), 60))
    assert "served by" not in words(answer_rows(replace(WHOLE, provider_data={"provider": "{"}), 60))


def test_an_answer_shows_what_it_was_asked_with() -> None:
    asked = replace(WHOLE, sampling=Sampling(temperature=0.2, extra=(("top_k", "40"),)))
    assert "with temperature 0.2, top_k 40" in words(answer_rows(asked, 60))
    assert "with" not in words(answer_rows(replace(WHOLE, sampling=Sampling()), 60))


def test_an_answer_shows_all_that_was_measured() -> None:
    said = words(answer_rows(WHOLE, 60))
    for figure in (
        "a/one",
        "$0.0123",
        "in 2.0k",
        "cached 800",
        "out 350",
        "reasoning 120",
        "first 0.40 s",
        "total 5.4 s",
    ):
        assert figure in said
    assert "70 tok/s" in said
    assert "~" not in said


def test_what_is_not_known_is_a_dash_and_never_zero() -> None:
    said = words(answer_rows(UNKNOWN, 60))
    assert "in – · out –" in said
    assert "first – · total – · – tok/s" in said
    assert "0" not in said


def test_an_estimate_carries_a_tilde() -> None:
    answer = AnswerInfo("a/one", outcome=Outcome.COMPLETE, cost=Cost(Decimal("0.5"), CostSource.ESTIMATE))
    assert "~$0.50" in words(answer_rows(answer, 60))
    said = words(total_rows(spending([node("1", answer), node("2", UNKNOWN)]), 60))
    assert "at least ~$0.50" in said
    assert "1 of 2 costs are estimates" in said
    assert "1 of 2 costs are unknown" in said


def test_an_answer_that_did_not_end_well_says_how() -> None:
    assert "failed: rate limited" in words(answer_rows(UNKNOWN, 60)).lower()
    assert "after 2 retries" in words(answer_rows(UNKNOWN, 60))
    cut = AnswerInfo("a", outcome=Outcome.COMPLETE, finish_reason="length")
    assert "Cut off: the limit" in words(answer_rows(cut, 60))
    assert "Stopped" in words(answer_rows(AnswerInfo("a", outcome=Outcome.CANCELLED), 60))


def test_another_model_than_the_one_asked_is_told() -> None:
    said = words(answer_rows(AnswerInfo("a/asked", model="b/answered", outcome=Outcome.COMPLETE), 60))
    assert said.startswith("b/answered")
    assert "asked a/asked" in said


def test_the_context_gauge_needs_a_known_window() -> None:
    said = words(context_rows(context_fill([node("1", WHOLE)], CATALOG, "a/one"), 60))
    assert "2.4k of 10k" in said
    assert "24 %" in said
    assert words(context_rows(context_fill([node("1", WHOLE)], Catalog(), "a/one"), 60)).endswith("2.4k of –")
    assert context_rows(context_fill([node("2", UNKNOWN)], CATALOG, "a/one"), 60) == []


def test_what_is_left_of_the_limits_is_told_and_nothing_where_it_is_unknown() -> None:
    said = words(limit_rows([LimitLeft("requests", 59, 60), LimitLeft("tokens", 0)], 60))
    assert "59 of 60 requests left" in said
    assert "0 tokens left" in said
    assert limit_rows([], 60) == []


async def test_the_limits_are_shown_as_soon_as_they_are_told() -> None:
    async with alone(UsagePane(), 60, 30) as (app, pilot):
        pane = app.query_one(UsagePane)
        growing = node("n", AnswerInfo("demo/writer"))
        pane.apply(AnswerStarted(None, growing))
        pane.apply(ReplyGrew("n", 0.1, Connected((LimitLeft("requests", 59, 60),))))
        pane.show([growing], spending([growing]), None, (LimitLeft("requests", 58, 60),))
        await pilot.pause()
        assert "58 of 60 requests left" in shown(app)


@pytest.mark.parametrize("width", [20, 36, 40, 80])
def test_no_row_is_wider_than_the_pane(width: int) -> None:
    answer = AnswerInfo(
        "x" * 200, model="y" * 200, outcome=Outcome.ERROR, failure=FAILED, counts=WHOLE.counts, retries=9
    )
    rows = answer_rows(answer, width) + total_rows(spending([node("1", answer)]), width)
    rows += limit_rows([LimitLeft("requests", 1_000_000, 2_000_000, 3600.0)], width)
    assert max(width_of(row) for row in rows) <= width


async def test_the_newest_answer_is_on_top() -> None:
    async with alone(UsagePane(), 36, 40) as (app, pilot):
        path = [node("1", WHOLE), node("2", UNKNOWN)]
        app.query_one(UsagePane).show(path, spending(path))
        await pilot.pause()
        assert shown(app).index("b/two") < shown(app).index("a/one")


async def test_an_empty_conversation_is_said_in_words() -> None:
    async with alone(UsagePane(), 40, 10) as (app, _):
        assert "No answer yet:" in shown(app)


async def test_a_running_answer_is_followed_and_its_guesses_are_marked() -> None:
    now = [100.0]
    async with alone(UsagePane(monotonic=lambda: now[0]), 60, 30) as (app, pilot):
        pane = app.query_one(UsagePane)
        growing = node("n", AnswerInfo("demo/writer"))
        pane.apply(AnswerStarted(None, growing))
        now[0] = 100.5
        pane.apply(ReplyGrew("n", 0.5, TextDelta("x" * 400)))
        now[0] = 102.5
        pane.show([growing], spending([growing]))
        await pilot.pause()
        said = shown(app)
        assert "out ~100" in said
        assert "first 0.50 s" in said
        assert "elapsed 2.5 s" in said
        assert "~50 tok/s" in said
        pane.apply(
            ReplyGrew("n", 2.5, UsageReported(TokenCounts(10, 90), Cost(Decimal("0.002"), CostSource.GATEWAY), "{}"))
        )
        pane.apply(Retrying(1, 2.0, FAILED))
        pane.show([growing], spending([growing]))
        await pilot.pause()
        assert "out 90" in shown(app)
        assert "$0.002" in shown(app)
        assert "retry 1 in 2.0 s" in shown(app)
        pane.apply(AnswerEnded(node("n", WHOLE)))
        await pilot.pause()
        assert "elapsed" not in shown(app)
        assert "total 5.4 s" in shown(app)


async def test_an_answer_that_ran_before_the_pane_was_opened_is_followed_too() -> None:
    async with alone(UsagePane(monotonic=lambda: 50.0), 60, 30) as (app, pilot):
        pane = app.query_one(UsagePane)
        growing = node("n", AnswerInfo("demo/writer"))
        pane.show([growing], spending([growing]))
        pane.apply(ReplyGrew("n", 7.0, TextDelta("more")))
        pane.show([growing], spending([growing]))
        await pilot.pause()
        assert "elapsed 7.0 s" in shown(app)


async def test_a_hostile_model_name_is_shown_as_text() -> None:
    async with alone(UsagePane(), 60, 30) as (app, pilot):
        path = [node("1", AnswerInfo("[/x]\x1b]0;t\x07", outcome=Outcome.COMPLETE))]
        app.query_one(UsagePane).show(path, spending(path))
        await pilot.pause()
        assert "[/x]␛]0;t␇" in shown(app)


async def test_escape_closes() -> None:
    async with alone(UsagePane()) as (app, pilot):
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.said(UsagePane.Closed)) == 1
