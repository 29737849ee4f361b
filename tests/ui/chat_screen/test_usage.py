"""The board of usage in the chat: it reads the ledger, opens what stands behind a row, and saves."""

from contextlib import chdir
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.events import AppFocus

from tests.fakes import ScriptedCompleter, make_services
from tests.memory_store import MemoryStore
from tests.ui.cells import lines
from tests.ui.support import chat_app, notes, press, running, send, until
from tests.workspace.test_budgets import PRICED, costing
from tui_chat.chat.budgets import Budgets
from tui_chat.chat.ledger import LedgerEntry, LedgerKind
from tui_chat.core.budget import Budget
from tui_chat.core.usage import Cost, CostSource, TokenCounts
from tui_chat.ui.app import ChatApp
from tui_chat.ui.dialogs import choice
from tui_chat.ui.panes.usage_list import UsageRows

WIDE = (160, 40)


def spending_app(folder: Path, *usd: str, budget: Budget | None = None) -> ChatApp:
    services = make_services(ScriptedCompleter(*map(costing, usd)), store=MemoryStore(), models=[PRICED])
    return chat_app(folder, services=replace(services, budgets=Budgets(budget or Budget())))


def said(app: ChatApp) -> str:
    return "\n".join(lines(app))


async def test_a_view_opens_by_its_word_and_an_answer_is_in_it_as_soon_as_it_has_ended(tmp_path: Path) -> None:
    app = spending_app(tmp_path, "0.0000236", "1.5")
    async with running(app, WIDE) as (chat, pilot):
        await send(pilot, chat, "/usage days")
        await until(pilot, lambda: "Nothing spent yet." in said(app))
        chat.composer.focus()
        await send(pilot, chat, "one")
        await until(pilot, lambda: "$0.0000236" in said(app) and "today" in said(app))
        await send(pilot, chat, "two")
        await until(pilot, lambda: "$1.5000236" in said(app))
        await send(pilot, chat, "/usage conversations")
        await until(pilot, lambda: "[6 Conversations]" in said(app) and chat.panes.has_focus)
        await press(pilot, "f3")
        await until(pilot, lambda: not chat.panes.is_open)


async def test_what_another_program_has_spent_is_there_when_the_window_is_looked_at(tmp_path: Path) -> None:
    app = spending_app(tmp_path, "0.5")
    async with running(app, WIDE) as (chat, pilot):
        await send(pilot, chat, "one")
        await send(pilot, chat, "/usage days")
        await until(pilot, lambda: "$0.50" in said(app) and "today" in said(app))
        services = chat.conversation.services
        cost, at = Cost(Decimal(2), CostSource.GATEWAY), services.clock.now()
        await services.store.add_to_ledger(
            LedgerEntry("e", "elsewhere", at, LedgerKind.ANSWER, "m", "m", "", TokenCounts(1, 1), cost)
        )
        assert "$2.50" not in said(app)
        app.post_message(AppFocus())
        await until(pilot, lambda: "$2.50" in said(app))


async def test_another_word_is_refused_and_stays_to_be_mended(tmp_path: Path) -> None:
    app = spending_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/usage weeks")
        await until(pilot, lambda: "by days, months" in notes(app))
        assert chat.composer.text == "/usage weeks"
        assert not chat.panes.is_open


async def test_a_conversation_opens_from_the_day_on_which_it_cost_something(tmp_path: Path) -> None:
    app = spending_app(tmp_path, "0.25", "0.5")
    async with running(app, WIDE) as (chat, pilot):
        await send(pilot, chat, "first question")
        await until(pilot, lambda: chat.conversation.session.path and not chat.conversation.is_answering)
        first = chat.conversation.session.conversation.id
        await send(pilot, chat, "/new")
        await until(pilot, lambda: chat.conversation.session.conversation.id != first)
        await send(pilot, chat, "/usage days")
        await until(pilot, lambda: app.screen.query(UsageRows) and app.screen.query_one(UsageRows).count == 1)
        await press(pilot, "enter")
        await until(pilot, lambda: "first question" in said(app))
        await press(pilot, "enter")
        await until(pilot, lambda: chat.conversation.session.conversation.id == first)


async def test_an_answer_is_gone_to_where_it_stands(tmp_path: Path) -> None:
    app = spending_app(tmp_path, "0.25", "0.5")
    async with running(app) as (chat, pilot):
        for words in ("one", "two"):
            await send(pilot, chat, words)
            await until(pilot, lambda: chat.conversation.session.path and not chat.conversation.is_answering)
        await send(pilot, chat, "/usage")
        await until(pilot, lambda: chat.panes.has_focus)
        await press(pilot, "down", "enter")
        await until(pilot, lambda: chat.transcript.has_focus_within or chat.transcript.has_focus)
        assert not chat.panes.is_open


async def test_a_budget_that_is_set_from_the_board_is_a_gauge_there(tmp_path: Path) -> None:
    app = spending_app(tmp_path, "0.25", budget=Budget(day=Decimal(1)))
    async with running(app, WIDE) as (chat, pilot):
        await send(pilot, chat, "one")
        await until(pilot, lambda: chat.conversation.session.path and not chat.conversation.is_answering)
        await send(pilot, chat, "/usage days")
        await until(pilot, lambda: "25 % of $1.00" in said(app))
        await press(pilot, "b")
        await until(pilot, lambda: app.screen is not chat)
        await pilot.pause()
        await press(pilot, *"day", "enter")
        await until(pilot, lambda: "US dollars" in said(app))
        await press(pilot, "ctrl+u", *"0.5", "enter")
        await until(pilot, lambda: "50 % of $0.50" in said(app))


async def test_a_retry_over_the_budget_is_sent_where_that_is_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "SETTLES_S", 0.0)
    app = spending_app(tmp_path, "0.25", "0.5", budget=Budget(day=Decimal("0.25")))
    async with running(app, WIDE) as (chat, pilot):
        await send(pilot, chat, "one")
        await until(pilot, lambda: chat.conversation.session.path and not chat.conversation.is_answering)
        await send(pilot, chat, "/retry")
        await until(pilot, lambda: "Send this once" in said(app))
        await pilot.pause()
        await press(pilot, "down", "enter")
        await until(pilot, lambda: chat.conversation.session.spending.answers == 2)


async def test_a_table_is_saved_under_a_free_name(tmp_path: Path) -> None:
    app = spending_app(tmp_path, "0.25")
    with chdir(tmp_path):
        (tmp_path / "usage-days.csv").write_text("mine")
        async with running(app, WIDE) as (chat, pilot):
            await send(pilot, chat, "one")
            await send(pilot, chat, "/usage days")
            await until(pilot, lambda: "today" in said(app))
            await press(pilot, "w")
            await until(pilot, lambda: "usage-days-2.csv" in notes(app))
    assert (tmp_path / "usage-days.csv").read_text() == "mine"
    assert ",0.25,0,0" in (tmp_path / "usage-days-2.csv").read_text()


async def test_a_ledger_of_thousands_is_read_while_keys_go_on(tmp_path: Path) -> None:
    store = MemoryStore()
    services = make_services(ScriptedCompleter(), store=store)
    for number in range(3_000):
        cost = Cost(Decimal("0.001"), CostSource.GATEWAY)
        await store.add_to_ledger(
            LedgerEntry(
                f"e{number}",
                f"c{number}",
                services.clock.now() - number * 800,
                LedgerKind.ANSWER,
                "m",
                "m",
                "",
                TokenCounts(1, 1),
                cost,
            )
        )
    app = chat_app(tmp_path, services=services)
    async with running(app, WIDE) as (chat, pilot):
        await send(pilot, chat, "/usage conversations")
        await until(pilot, lambda: chat.panes.has_focus)
        chat.composer.focus()
        await press(pilot, *"typed")
        assert chat.composer.text == "typed"
        await until(pilot, lambda: app.screen.query_one(UsageRows).count)
        assert "$3.00" in said(app)
