"""What a key is bound to is looked up where something is, and nothing is missed for that."""

from pathlib import Path

import pytest
from textual.app import App

from tests.ui.support import answer, chat_app, running, until
from tui_chat.ui.dialogs.palette import Palette


@pytest.fixture
def lookups(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """Each key for which all bindings around the focus are gathered, and whether they have a say before the field."""
    seen: list[tuple[str, bool]] = []
    look_up = App._check_bindings

    async def noting(app: App[None], key: str, priority: bool = False) -> bool:
        seen.append((key, priority))
        return await look_up(app, key, priority)

    monkeypatch.setattr(App, "_check_bindings", noting)
    return seen


async def test_a_key_is_looked_up_only_where_something_is_bound_to_it(
    tmp_path: Path, lookups: list[tuple[str, bool]]
) -> None:
    async with running(chat_app(tmp_path, answer("one"))) as (chat, pilot):
        await pilot.press(*"words", "f12", "backspace")
        assert chat.composer.text == "word"
        assert lookups == [("backspace", False)]


async def test_a_key_that_was_put_in_anothers_place_acts(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("one"))
    async with running(app) as (_, pilot):
        app.set_keymap({"palette": "f9"})
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, Palette))
