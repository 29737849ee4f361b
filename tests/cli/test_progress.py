"""What lasts says so on a terminal, and leaves nothing behind."""

import asyncio
from io import StringIO

import pytest

from tui_chat.cli import progress
from tui_chat.cli.progress import told


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("err", "said"), [(Terminal(), "\r\x1b[KReading …\r\x1b[K"), (StringIO(), "")])
async def test_work_that_lasts_is_told_on_a_terminal_alone(
    err: StringIO, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "TOLD_AFTER_S", 0.0)
    is_told = asyncio.Event()

    async def work() -> int:
        asyncio.get_running_loop().call_later(0.001, is_told.set)
        await is_told.wait()
        return 7

    assert await told(work(), "Reading …", err) == 7
    assert err.getvalue() == said


async def test_quick_work_is_not_told() -> None:
    err = Terminal()
    assert await told(asyncio.sleep(0, 7), "Reading …", err) == 7
    assert not err.getvalue()
