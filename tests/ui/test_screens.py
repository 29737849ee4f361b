"""What holds for every screen: Textual's rules for screens apply to it, and the mouse can select on it."""

from pathlib import Path

import pytest
from textual.selection import SELECT_ALL

from tests.ui.proofs.frames import kinds_of
from tests.ui.support import chat_app, press, running, until
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.dialogs.dialog import Dialog
from tui_chat.ui.rows.lines_view import LinesView


@pytest.mark.parametrize("screen", [ChatScreen, *kinds_of(Dialog)], ids=lambda screen: screen.__name__)
def test_a_rule_that_names_screens_is_for_every_screen(screen: type[ChatScreen]) -> None:
    assert "Screen" in screen._css_type_names


@pytest.mark.parametrize("keys", [("ctrl+x", "u"), ("ctrl+x", "z")], ids=["pane", "dialog"])
async def test_what_the_mouse_selects_in_a_pane_or_a_dialog_is_drawn(keys: tuple[str, ...], tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        chat.note("Some words")
        await press(pilot, *keys)
        await until(pilot, lambda: app.screen.query("#usage-tabs, Notices DrawnRows"))
        view = app.screen.query_one("#usage-tabs, Notices DrawnRows", LinesView)
        before = view.render_line(0)
        app.screen.selections = {view: SELECT_ALL}
        await pilot.pause()
        assert app.screen.get_selected_text()
        assert view.render_line(0) != before
