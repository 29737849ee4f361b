"""A title that a model gave, on the screen."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.fakes import ScriptedCompleter, Step, make_services, opening
from tests.ui.cells import lines
from tests.ui.support import answer, chat_app, notes, running, send, until
from tui_chat.chat.titles import Titles
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta, UsageReported
from tui_chat.core.usage import Cost, CostSource, TokenCounts
from tui_chat.ui.app import ChatApp

BILL = UsageReported(TokenCounts(100, 5, 105), Cost(Decimal("0.25"), CostSource.GATEWAY), "{}")
DONE = Stopped(Outcome.COMPLETE, "stop")
REFUSED = Failure(ErrorKind.NOT_FOUND, "There is no model cheap/model.", "", status=404)


def titled_app(folder: Path, *scripts: list[Step]) -> ChatApp:
    services = make_services(ScriptedCompleter(*scripts))
    return chat_app(folder, services=replace(services, titles=Titles("cheap/model")))


async def test_title_and_cost_change_where_they_stand_when_the_title_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = asyncio.Event()
    app = titled_app(tmp_path, answer("Because."), [*opening(), gate, TextDelta("Blue skies"), BILL, DONE])
    shown: list[str] = []
    async with running(app, (140, 40)) as (chat, pilot):
        monkeypatch.setattr(app.outside, "show_title", lambda title, *_, **__: shown.append(title))
        await send(pilot, chat, "/usage")
        await until(pilot, lambda: chat.panes.has_focus)
        chat.composer.focus()
        await send(pilot, chat, "Why is the sky blue?")
        await until(pilot, lambda: chat.conversation.session.path and not chat.conversation.is_answering)
        assert shown[-1] == "Why is the sky blue?"
        assert chat.status.status.spending.usd == 0
        gate.set()
        await until(pilot, lambda: shown[-1] == "Blue skies")
        assert chat.status.status.spending.usd == Decimal("0.25")
        await until(pilot, lambda: any("title test/" in line and "$0.25" in line for line in lines(app)))
        assert notes(app) == ""
        (row,) = await chat.conversation.services.store.list()
        assert row.title == "Blue skies"


async def test_a_title_that_does_not_come_is_not_shown_and_can_be_looked_up(tmp_path: Path) -> None:
    app = titled_app(tmp_path, answer("Because."), [Stopped(Outcome.ERROR, failure=REFUSED)])
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "Why is the sky blue?")
        await until(pilot, lambda: "There is no model" in notes(app))
        assert notes(app).startswith("No title from cheap/model: ")
        assert "/rename gives another name" in notes(app)
        assert "/retry" not in notes(app)
        assert "/models" not in notes(app)
        assert chat.noting.notes.current is None
        assert chat.conversation.session.conversation.title == "Why is the sky blue?"


async def test_who_leaves_does_not_wait_for_a_title(tmp_path: Path) -> None:
    app = titled_app(tmp_path, answer("Because."), [*opening(), TextDelta("Blue")])
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "Why is the sky blue?")
        await until(pilot, lambda: chat.conversation.session.path and not chat.conversation.is_answering)
        app.leave(0)
        await until(pilot, lambda: app.return_code == 0)
        assert chat.conversation.session.conversation.title == "Why is the sky blue?"
