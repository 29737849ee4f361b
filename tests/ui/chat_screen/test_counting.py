"""Figures of a long conversation are counted beside the screen, and those before them stand until then."""

import threading
from pathlib import Path

import pytest

from tests.ui.support import answer, chat_app, running, send, until
from tui_chat.chat.session import Session
from tui_chat.ui.chat_screen import counting
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.workspace.next_request import NextRequest


def context_of(chat: ChatScreen) -> str:
    return chat.status.status.context.words


@pytest.mark.parametrize("at_once", [500, 0], ids=["short", "long"])
async def test_what_goes_along_is_shown_whether_it_is_counted_at_once_or_on_a_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(counting, "AT_ONCE", at_once)
    counted_on: set[bool] = set()
    fill = NextRequest.fill

    def noted(self: NextRequest, session: Session) -> object:
        if not self.is_counted(session):
            counted_on.add(threading.current_thread() is threading.main_thread())
        return fill(self, session)

    monkeypatch.setattr(NextRequest, "fill", noted)
    async with running(chat_app(tmp_path, answer("word" * 100), answer("word" * 300))) as (chat, pilot):
        await send(pilot, chat, "word" * 10)
        await until(pilot, lambda: context_of(chat) == "~110")
        await send(pilot, chat, "word" * 10)
        await until(pilot, lambda: context_of(chat) == "~420")
    assert counted_on == {at_once > 0}
