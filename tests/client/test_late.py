"""A completer that is made for its first question."""

from collections.abc import AsyncGenerator

from tests.fakes import ScriptedCompleter
from tests.ui.support import answer
from tui_chat.client.http import HttpConnection
from tui_chat.client.late import LateCompleter
from tui_chat.core.parts import user_message
from tui_chat.core.request import Request
from tui_chat.core.stream_events import StreamEvent, TextDelta

REQUEST = Request("m", (user_message("Hello"),))


async def words_of(events: AsyncGenerator[StreamEvent, None]) -> str:
    return "".join([event.text async for event in events if isinstance(event, TextDelta)])


async def test_it_is_made_once_for_its_first_question() -> None:
    made: list[HttpConnection] = []

    def make(connection: HttpConnection) -> ScriptedCompleter:
        made.append(connection)
        return ScriptedCompleter(answer("one"), answer("two"))

    connection = HttpConnection("http://127.0.0.1:9/ai")
    late = LateCompleter(connection, make)
    assert not made
    assert [await words_of(late.stream(REQUEST)) for _ in range(2)] == ["one", "two"]
    assert made == [connection]
    await late.close()


async def test_one_that_was_never_asked_can_be_closed() -> None:
    await LateCompleter(HttpConnection("http://127.0.0.1:9/ai"), lambda _: ScriptedCompleter()).close()
