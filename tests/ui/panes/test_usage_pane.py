"""The board of usage: every figure of an answer and of all that was spent, honest about what is not known."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.ui.pane_app import PaneApp, alone
from tests.ui.support import until
from tui_chat.chat.ledger import LedgerKind, Speed, Spent
from tui_chat.chat.session_events import AnswerEnded, AnswerStarted, ReplyGrew, Retrying
from tui_chat.core.answer import AnswerInfo, Timing
from tui_chat.core.budget import Scope
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.limits import LimitLeft
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.parts import Message, Role, Text
from tui_chat.core.request import Sampling
from tui_chat.core.request_size import RequestSize
from tui_chat.core.stream_events import Connected, Outcome, TextDelta, UsageReported
from tui_chat.core.tree import Node, spending
from tui_chat.core.usage import Cost, CostSource, Spending, TokenCounts
from tui_chat.ui.panes import usage_pane
from tui_chat.ui.panes.usage_head import context_rows, gauge_rows, last_days_rows
from tui_chat.ui.panes.usage_list import UsageRows
from tui_chat.ui.panes.usage_pane import UsagePane
from tui_chat.ui.panes.usage_rows import answer_rows, limit_rows
from tui_chat.ui.panes.usage_table import ChatTable, board_table, prepared
from tui_chat.ui.rows.rows import plain, width_of
from tui_chat.workspace.budget_gauges import Gauge
from tui_chat.workspace.context_fill import ContextFill
from tui_chat.workspace.spending_report import last_days
from tui_chat.workspace.usage_board import OF_ALL, View, table_of
from tui_chat.workspace.usage_report import Asked, ChatUsage, Span, UsageReport

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()
DAY_S = 86_400.0
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


def chat_of(*nodes: Node) -> ChatUsage:
    """A conversation whose answers these are, the newest last."""
    asked = (Asked(each.id, each.created_at, LedgerKind.ANSWER, each.answer) for each in nodes if each.answer)
    return ChatUsage(tuple(asked)[::-1], spending(nodes))


def shown(app: PaneApp) -> str:
    """All that the board holds, seen or not."""
    parts = ("tabs", "head", "heading", "sum", "rows", "about")
    return "\n".join(line for part in parts for line in app.lines(f"#usage-{part}"))


def test_an_answer_shows_who_served_it_behind_the_gateway_and_its_id_there() -> None:
    named = replace(WHOLE, response_id="gen-1", provider_data={"provider": '"Gr\\u001boq"'})
    assert "served by Gr␛oq · id gen-1" in words(answer_rows(named, 60))
    assert "served by" not in words(answer_rows(replace(WHOLE, provider_data={"provider": '{"a":1}'}), 60))
    assert "served by" not in words(answer_rows(replace(WHOLE, provider_data={"provider": "{"}), 60))


def test_an_answer_shows_what_it_was_asked_with() -> None:
    asked = replace(WHOLE, sampling=Sampling(temperature=0.2, extra=(("top_k", "40"),)))
    assert "with temperature 0.2, top_k 40" in words(answer_rows(asked, 60))
    assert "with" not in words(answer_rows(replace(WHOLE, sampling=Sampling()), 60))


def test_an_answer_was_not_asked_with_what_was_left_out() -> None:
    asked = replace(WHOLE, sampling=Sampling(temperature=0.2, seed=7, extra=(("top_k", "40"),)))
    assert "with seed 7" in words(answer_rows(replace(asked, left_out=("temperature", "top_k")), 60))
    assert "with" not in words(answer_rows(replace(asked, left_out=("temperature", "top_k", "seed")), 60))


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
    said = plain(ChatTable().table(chat_of(node("1", answer), node("2", UNKNOWN)), NOW).sum_row(60))
    assert said.endswith("≥~$0.50")


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
    size = RequestSize(2_400, counted=2_400)
    said = words(context_rows(ContextFill(size, 10_000), "~30 tok", 76))
    assert "2.4k of 10k, 24 %" in said
    assert "next request ~30 tok" in said
    assert "~2.4k of 10k, ~24 %" in words(context_rows(ContextFill(size._replace(counted=0), 10_000), "", 76))
    assert words(context_rows(ContextFill(size), "", 60)).endswith("2.4k of –")
    assert context_rows(ContextFill(), "", 60) == []


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
        pane.show(chat_of(growing))
        pane.apply(ReplyGrew("n", 0.1, Connected((LimitLeft("requests", 59, 60),))))
        await until(pilot, lambda: "59 of 60 requests left" in shown(app))
        pane.show(replace(chat_of(growing), limits=(LimitLeft("requests", 58, 60),)))
        await pilot.pause()
        assert "58 of 60 requests left" in shown(app)


@pytest.mark.parametrize("width", [20, 36, 40, 80])
def test_no_row_is_wider_than_the_pane(width: int) -> None:
    answer = AnswerInfo(
        "x" * 200, model="y" * 200, outcome=Outcome.ERROR, failure=FAILED, counts=WHOLE.counts, retries=9
    )
    table = ChatTable().table(chat_of(node("1", answer), node("2", WHOLE)), NOW)
    rows = [*answer_rows(answer, width), table.heading(width), table.sum_row(width)]
    rows += [table.row(place, width) for place in range(len(table.lines))]
    rows += limit_rows([LimitLeft("requests", 1_000_000, 2_000_000, 3600.0)], width)
    assert max(width_of(row) for row in rows) <= width


async def test_the_newest_answer_is_on_top_and_s_lists_the_dearest_first() -> None:
    async with alone(UsagePane(), 60, 40) as (app, pilot):
        path = [node("1", WHOLE), node("2", UNKNOWN)]
        app.query_one(UsagePane).show(chat_of(*path))
        await pilot.pause()
        assert ["two" in line for line in app.lines("#usage-rows")] == [True, False]
        await pilot.press("s")
        assert ["two" in line for line in app.lines("#usage-rows")] == [False, True]
        assert "by cost" in app.edges()[0]


async def test_more_is_said_of_the_answer_under_the_cursor() -> None:
    async with alone(UsagePane(), 60, 40) as (app, pilot):
        app.query_one(UsagePane).show(chat_of(node("1", WHOLE), node("2", UNKNOWN)))
        await pilot.pause()
        assert "after 2 retries" in "".join(app.lines("#usage-about"))
        await pilot.press("down")
        assert "first 0.40 s · total 5.4 s · 70 tok/s" in "".join(app.lines("#usage-about"))


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
        pane.show(chat_of(growing))
        await pilot.pause()
        said = shown(app)
        assert app.lines("#usage-rows") == []
        assert "out ~100" in said
        assert "first 0.50 s" in said
        assert "elapsed 2.5 s" in said
        assert "~50 tok/s" in said
        pane.apply(
            ReplyGrew("n", 2.5, UsageReported(TokenCounts(10, 90), Cost(Decimal("0.002"), CostSource.GATEWAY), "{}"))
        )
        pane.apply(Retrying(1, 2.0, FAILED))
        await until(pilot, lambda: "retry 1 in 2.0 s" in shown(app))
        assert "out 90" in shown(app)
        assert "$0.002" in shown(app)
        pane.apply(AnswerEnded(node("n", WHOLE)))
        pane.show(chat_of(node("n", WHOLE)))
        await pilot.pause()
        assert "elapsed" not in shown(app)
        assert "total 5.4 s" in shown(app)


async def test_an_answer_that_ran_before_the_board_was_opened_is_followed_too() -> None:
    async with alone(UsagePane(monotonic=lambda: 50.0), 60, 30) as (app, pilot):
        pane = app.query_one(UsagePane)
        growing = node("n", AnswerInfo("demo/writer"))
        pane.show(chat_of(growing))
        pane.apply(ReplyGrew("n", 7.0, TextDelta("more")))
        await until(pilot, lambda: "elapsed 7.0 s" in shown(app))


async def test_a_hostile_model_name_is_shown_as_text() -> None:
    async with alone(UsagePane(), 60, 30) as (app, pilot):
        app.query_one(UsagePane).show(chat_of(node("1", AnswerInfo("[b]\x1b]0;t\x07", outcome=Outcome.COMPLETE))))
        await pilot.pause()
        assert "[b]␛]0;t␇" in shown(app)


async def test_escape_closes() -> None:
    async with alone(UsagePane()) as (app, pilot):
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.said(UsagePane.Closed)) == 1


# All conversations


class Chat:
    """The chat behind a board."""

    def __init__(self) -> None:
        self.done: list[tuple[str, ...]] = []

    def read_usage(self, span: Span) -> None:
        self.done.append(("read", span.value))

    def set_budget(self) -> None:
        self.done.append(("budget",))

    def save_usage(self, text: str, stem: str) -> None:
        self.done.append(("save", stem, text))

    def open_conversation(self, conversation_id: str) -> None:
        self.done.append(("conversation", conversation_id))

    def open_answer(self, node_id: str) -> None:
        self.done.append(("answer", node_id))


def spent(days: int, conversation: str, usd: str | None, model: str = "m/one", *, is_kept: bool = True) -> Spent:
    cost = Cost(Decimal(usd), CostSource.GATEWAY) if usd is not None else None
    one = Spending().plus(TokenCounts(1_000, 200) if usd else None, cost)
    title = conversation.title() if is_kept else ""
    return Spent(NOW - days * DAY_S, conversation, title, (), model, "https://one.test", one, None, is_kept)


REPORT = UsageReport(
    NOW,
    (
        spent(60, "a", "0.25"),
        spent(2, "gone", None, is_kept=False),
        spent(1, "a", "0.5", "m/two"),
        spent(0, "a", "0.0000236"),
        spent(0, "b", "1"),
    ),
    (Speed(NOW, "m/one", 0.3, 60.0), Speed(NOW, "m/two", 0.3, 90.0), Speed(NOW - DAY_S, "m/two", 0.3, 70.0)),
    (
        Gauge(Scope.CONVERSATION, Decimal(1), Decimal("0.5"), False, None),
        Gauge(Scope.DAY, Decimal(1), Decimal("0.4"), False, NOW + 3_600),
        Gauge(Scope.MONTH, Decimal(2), Decimal("1.99"), True, NOW + DAY_S, Decimal("0.1")),
    ),
)


def board(view: View = View.DAYS) -> tuple[UsagePane, Chat]:
    host = Chat()
    return UsagePane(view, host=host, now=lambda: NOW, monotonic=lambda: 0.0), host


def show(pane: UsagePane, report: UsageReport) -> None:
    """Show a report as that of the last days and of all time."""
    for span in Span:
        pane.show_report(prepared(replace(report, span=span)))


def listed(app: PaneApp) -> list[str]:
    """The name of each line."""
    return [line[1:].split("  ")[0] for line in app.lines("#usage-rows")]


async def test_the_digits_turn_to_the_views_and_the_sum_stands_first() -> None:
    pane, _ = board(View.CHAT)
    async with alone(pane, 90, 30) as (app, pilot):
        show(pane, REPORT)
        names = {
            "2": ["today", "yesterday", "Fri 27 Nov", "Wed 30 Sep"],
            "3": ["November 2026", "September 2026"],
            "4": ["m/one", "m/two"],
            "5": ["https://one.test"],
            "6": ["B", "A", "deleted or not saved"],
            "7": ["answers"],
        }
        for key, rows in names.items():
            await pilot.press(key)
            assert listed(app) == rows
            assert "Total" in app.lines("#usage-sum")[0]
            assert app.lines("#usage-sum")[0].rstrip().endswith("≥$1.7500236") or key == "4"
        await pilot.press("4")
        assert ["fastest 90" in line for line in app.lines("#usage-rows")] == [False, True]
        await pilot.press("7", "f6")
        assert "[1 This chat]" in app.lines("#usage-tabs")[0]


async def test_what_is_unknown_is_a_dash_and_counted() -> None:
    pane, _ = board()
    async with alone(pane, 90, 30) as (app, pilot):
        show(pane, REPORT)
        await pilot.pause()
        assert app.lines("#usage-rows")[2].split() == ["Fri", "27", "Nov", "1", "–", "–", "–", "–"]
        assert "1 unknown" in app.edges()[0]


async def test_enter_opens_a_day_then_a_conversation_and_backspace_goes_back() -> None:
    pane, host = board()
    async with alone(pane, 90, 30) as (app, pilot):
        show(pane, REPORT)
        await pilot.press("down", "enter")
        await until(pilot, lambda: listed(app) == ["A"])
        assert "yesterday" in app.edges()[0]
        assert "Esc back" in app.edges()[0]
        assert "$0.50" in app.lines("#usage-sum")[0]
        await pilot.press("enter")
        assert host.done[-1] == ("conversation", "a")
        await pilot.press("backspace")
        await until(pilot, lambda: len(listed(app)) == 4)
        assert app.query_one(UsageRows).cursor == 1
        await pilot.press("enter")
        await until(pilot, lambda: listed(app) == ["A"])
        await pilot.press("escape")
        await until(pilot, lambda: len(listed(app)) == 4)
        assert not app.said(UsagePane.Closed)


async def test_a_month_opens_its_days_and_those_their_conversations() -> None:
    pane, _ = board(View.MONTHS)
    async with alone(pane, 90, 30) as (app, pilot):
        show(pane, REPORT)
        await pilot.press("enter")
        await until(pilot, lambda: listed(app) == ["today", "yesterday", "Fri 27 Nov"])
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: listed(app) == ["deleted or not saved"])
        await pilot.press("backspace")
        await until(pilot, lambda: listed(app) == ["today", "yesterday", "Fri 27 Nov"])


async def test_deleted_conversations_and_titles_open_nothing() -> None:
    pane, host = board(View.CONVERSATIONS)
    async with alone(pane, 90, 30) as (app, pilot):
        show(pane, REPORT)
        await pilot.press("end", "enter")
        assert host.done == [("read", "last 30 days")]
        assert "Enter open" not in app.edges()[1]
        title = Asked("t", NOW, LedgerKind.TITLE, WHOLE)
        pane.show(ChatUsage((title, Asked("n", NOW, LedgerKind.ANSWER, WHOLE)), Spending()))
        await pilot.press("1")
        assert "title a/one" in app.lines("#usage-rows")[0]
        await pilot.press("enter")
        assert host.done == [("read", "last 30 days")]
        await pilot.press("down", "enter")
        assert host.done[-1] == ("answer", "n")


async def test_w_saves_what_is_listed_and_b_sets_a_budget() -> None:
    pane, host = board()
    async with alone(pane, 90, 30) as (app, pilot):
        show(pane, REPORT)
        await pilot.press("b", "w")
        assert host.done[1] == ("budget",)
        _, stem, text = host.done[2]
        assert stem == "usage-days"
        assert text.splitlines()[-1] == "day,2026-11-29,,2,2000,400,0,1.0000236,0,0"
        await pilot.press("enter")
        await until(pilot, lambda: listed(app) == ["B", "A"])
        await pilot.press("w")
        _, stem, text = host.done[3]
        assert stem == "usage-days-conversations"
        assert text.count("\n") == 3


async def test_what_was_read_again_keeps_view_order_and_what_was_opened() -> None:
    pane, _ = board()
    async with alone(pane, 90, 30) as (app, pilot):
        show(pane, REPORT)
        await pilot.press("enter", "s")
        await until(pilot, lambda: listed(app) == ["A", "B"] or listed(app) == ["B", "A"])
        await pilot.press("end")
        line = app.query_one(UsageRows)
        assert (listed(app)[line.cursor], line.cursor) == ("A", 1)
        show(pane, replace(REPORT, spent=(*REPORT.spent, spent(0, "c", "3"))))
        await until(pilot, lambda: "C" in listed(app))
        assert (listed(app)[line.cursor], line.cursor) == ("A", 0)
        assert "today" in app.edges()[0]
        assert "newest first" in app.edges()[0]


async def test_a_small_board_has_name_and_cost_under_headings() -> None:
    pane, _ = board()
    async with alone(pane, 40, 7) as (app, pilot):
        show(pane, REPORT)
        await pilot.press("2")
        await until(pilot, lambda: app.lines("#usage-heading")[0].split() == ["day", "cost"])
        assert app.lines("#usage-sum")[0].split() == ["Total", "≥$1.7500236"]


async def test_a_moment_of_reading_needs_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage_pane, "SAID_AFTER_S", 60.0)
    pane, _ = board()
    async with alone(pane, 60, 20) as (app, _):
        assert "Reading" not in shown(app)


async def test_reading_failing_and_emptiness_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage_pane, "SAID_AFTER_S", 0.01)
    pane, _ = board()
    async with alone(pane, 60, 20) as (app, pilot):
        await until(pilot, lambda: "● Reading what was spent …" in shown(app))
        pane.show_failure(Failure(ErrorKind.STORE, "It is \x1b[31mdamaged.", "Restart."))
        await pilot.pause()
        assert "✗ It is ␛[31mdamaged. Restart." in " ".join(shown(app).split("\n"))
        show(pane, UsageReport(NOW))
        await pilot.pause()
        assert "Nothing spent yet." in shown(app)
        show(pane, UsageReport(NOW, has_earlier=True))
        await pilot.pause()
        assert "Nothing spent in the last 30 days." in shown(app)


async def test_all_time_is_read_when_it_is_asked_for_and_months_need_it() -> None:
    pane, host = board()
    lately = replace(REPORT, spent=REPORT.spent[1:], span=Span.LATELY)
    async with alone(pane, 100, 30) as (app, pilot):
        pane.show_report(prepared(lately))
        await pilot.pause()
        assert "last 30 days" in app.edges()[0]
        assert listed(app) == ["today", "yesterday", "Fri 27 Nov"]
        assert host.done == [("read", "last 30 days")]
        await pilot.press("t")
        assert host.done[1:] == [("read", "all time")]
        pane.show_report(prepared(REPORT))
        await pilot.pause()
        assert ("all time" in app.edges()[0], listed(app)[-1]) == (True, "Wed 30 Sep")
        await pilot.press("t")
        assert (listed(app)[-1], len(host.done)) == ("Fri 27 Nov", 2)
        pane.read_again()
        await pilot.press("3")
        assert host.done[2:] == [("read", "last 30 days"), ("read", "all time")]


@pytest.mark.parametrize("width", [30, 36, 60, 76, 98])
@pytest.mark.parametrize("view", OF_ALL)
def test_no_row_of_a_table_is_wider_than_its_place_and_name_and_cost_stay(view: View, width: int) -> None:
    table = board_table(view, table_of(REPORT, view))
    rows = [table.heading(width), table.sum_row(width), *(table.row(place, width) for place in range(len(table.lines)))]
    assert max(width_of(row) for row in rows) <= width
    assert plain(rows[0]).rstrip().endswith("cost")
    assert "≥$1.7500236" in plain(rows[1])


def test_bars_are_as_long_as_the_share_of_the_largest() -> None:
    table = board_table(View.CONVERSATIONS, table_of(REPORT, View.CONVERSATIONS))
    bars = {plain(table.row(place, 98))[0]: plain(table.row(place, 98)).count("█") for place in range(3)}
    assert bars["B"] > bars["A"] > bars["d"] == 0


def test_gauges_say_how_much_is_used_and_until_when() -> None:
    day, month = map(plain, gauge_rows(REPORT.gauges[1:], 98, NOW))
    assert "day" in day
    assert "40 % of $1.00 · until midnight, in 1 h 0 min" in day
    assert "▲" not in day
    assert "✗ month" in month
    assert "100 % of $2.00" in month
    assert "$0.10 of it not kept" in month
    assert max(width_of(row) for row in gauge_rows(REPORT.gauges, 34, NOW)) <= 34


@pytest.mark.parametrize("width", [34, 60, 76])
def test_the_last_days_are_a_line_with_numbers(width: int) -> None:
    rows = last_days_rows(last_days(REPORT.spent, NOW), width)
    assert max(map(width_of, rows)) <= width
    assert "$0 to $1.00" in plain(rows[-1])
    assert ("█" in plain(rows[0])) is (width >= 60)
