"""An answer that is stopped ends with all that arrived, however much its completer still gives."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from tests.fakes import FakeClock
from tui_chat.chat.answer_stream import QUEUE_LIMIT, AnswerStream
from tui_chat.core.parts import user_message
from tui_chat.core.request import Request
from tui_chat.core.stream_events import Connected, Outcome, StreamEvent, TextDelta

QUESTION = Request("some/model", (user_message("hi"),))


class LastWords:
    """Gives the most of its answer once it is stopped."""

    async def stream(self, request: Request) -> AsyncGenerator[StreamEvent, None]:
        del request
        yield Connected()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            for _ in range(2 * QUEUE_LIMIT):
                yield TextDelta("a")
            raise

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("how", ["stop", "close"])
async def test_last_words_wait_for_no_room(how: str) -> None:
    stream = AnswerStream(LastWords(), QUESTION, FakeClock())
    events = stream.events()
    async with asyncio.timeout(10):
        assert isinstance((await anext(events)).event, Connected)
        if how == "stop":
            stream.stop()
            assert [event async for event in events]
        else:
            await stream.close()
    assert stream.reply().outcome is Outcome.CANCELLED
    assert len(stream.reply().text) == 2 * QUEUE_LIMIT
