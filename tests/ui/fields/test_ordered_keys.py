"""Keys in one burst do what they do one after the other."""

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from tests.ui.support import chat_app, running, until
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.fields.search_field import SearchField


async def burst(chat: ChatScreen, pilot: Pilot[None], *keys: str) -> None:
    """Press keys as one read from the terminal brings them."""
    for key in keys:
        chat.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await pilot.pause()
    await pilot.pause()


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ([*"abc", "backspace", "backspace", *"x"], "ax"),
        ([*"one", "ctrl+u", *"two"], "two"),
        ([*"bc", "home", *"a", "end", *"d"], "abcd"),
        ([*"one two", "ctrl+w", *"three"], "one three"),
        ([*"ab", "left", *"x", "ctrl+j", *"y"], "ax\nyb"),
        ([*"ab", "ctrl+z", *"c"], "c"),
    ],
)
async def test_what_edits_keeps_its_place_among_letters(tmp_path: Path, keys: list[str], text: str) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await burst(chat, pilot, *keys)
        assert chat.composer.text == text


async def test_a_search_field_keeps_the_order_too(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path), size=(120, 30)) as (chat, pilot):
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(chat.app.focused, SearchField))
        await burst(chat, pilot, *"xy", "backspace", *"z", "home", *"a")
        assert chat.query_one(SearchField).value == "axz"
