"""What breaks beside the conversation is a report and a note, and not the end."""

import asyncio
from pathlib import Path

from msgspec.structs import replace

from tests.fakes import FakeCatalog, ScriptedCompleter, make_services
from tests.ui.support import answer, chat_app, list_files, notes, running, send, until
from tui_chat.core.models import Catalog


class BrokenCatalog(FakeCatalog):
    """A catalogue with a bug that nobody foresaw."""

    async def read(self, *, refresh: bool = False) -> Catalog:
        raise ZeroDivisionError("broke with sr_secret_key_1234")


async def test_a_pane_that_cannot_be_filled_is_reported_and_the_conversation_goes_on(tmp_path: Path) -> None:
    services = replace(make_services(ScriptedCompleter(answer("still here"))), catalog=BrokenCatalog())
    app = chat_app(tmp_path, services=services)
    async with running(app) as (chat, pilot):
        await until(pilot, lambda: "Something broke" in notes(app))
        await send(pilot, chat, "question")
        await until(pilot, lambda: "still here" in str(chat.conversation.session.path))
        await pilot.press("ctrl+l")
        await pilot.pause()
        assert app.return_code is None
    reports = [file.read_text() for file in list_files(tmp_path) if file.name.startswith("crash-")]
    assert reports
    assert all("ZeroDivisionError" in report and "sr_secret" not in report for report in reports)


async def test_work_that_was_cancelled_is_no_error(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        work = chat.run_worker(asyncio.Event().wait())
        await pilot.pause()
        work.cancel()
        await pilot.pause()
        assert "broke" not in notes(app)
