"""A title that a model gives while a plain chat waits for a line."""

import asyncio
from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads

from msgspec.structs import replace

from tests.fakes import ScriptedCompleter, Step, make_services, opening
from tests.memory_store import MemoryStore
from tests.plain.support import PlainChat, answer
from tui_chat.chat.services import Services
from tui_chat.chat.titles import Titles
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.plain.apart import run_in_thread

PATIENCE_S = 10.0


def titled(store: MemoryStore, title: list[Step], *answers: list[Step]) -> Services:
    """Services whose titles are asked for in a thread, over a completer of its own."""
    titles = Titles("cheap/model")
    titles.run_with(run_in_thread)
    services = make_services(ScriptedCompleter(*answers), store=store)
    return replace(services, titles=titles, new_completer=lambda: ScriptedCompleter(title))


async def test_a_title_comes_while_the_person_types_nothing(tmp_path: Path) -> None:
    has_come = Event()
    title: list[Step] = [*opening(), TextDelta("Blue skies"), has_come.set, Stopped(Outcome.COMPLETE, "stop")]
    store = MemoryStore()
    services = titled(store, title, answer("Because."))
    chat = PlainChat(tmp_path, services=services, typed=("Why?", "/usage"))
    asked = 0

    def wait() -> None:
        nonlocal asked
        asked += 1
        if asked == 2:
            assert has_come.wait(PATIENCE_S)
            for thread in enumerate_threads():
                if thread.name == "title":
                    thread.join(PATIENCE_S)

    chat.lines.while_asked = wait
    assert await chat.converse()
    assert "This conversation: 2 answers; " in chat.said
    assert (await store.list())[0].title == "Blue skies"
    assert "Blue skies" not in chat.said
    await services.close()


async def test_the_end_does_not_wait_for_a_title(tmp_path: Path) -> None:
    has_begun = Event()
    store = MemoryStore()
    services = titled(store, [*opening(), has_begun.set, TextDelta("Blue")], answer("Because."))
    chat = PlainChat(tmp_path, services=services, typed=("Why?",))
    assert await chat.converse()
    assert has_begun.wait(PATIENCE_S)
    await asyncio.wait_for(services.close(), PATIENCE_S)
    assert (await store.list())[0].title == "Why?"
    assert len(store.titles_paid) == 1
