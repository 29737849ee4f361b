"""From a result of the search of everything to its message, and the store that is tended meanwhile."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes import ScriptedCompleter, make_services, opening
from tests.memory_store import MemoryStore
from tests.store.damaging import root_of, spoil
from tests.ui.gallery_states.words import NOW, searched_conversations
from tests.ui.support import answer, chat_app, notes, press, running, send, until
from tui_chat.chat.ports import Store
from tui_chat.core.parts import user_message
from tui_chat.core.stream_events import TextDelta
from tui_chat.core.tree import Conversation, Node
from tui_chat.store.sqlite import SqliteStore
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.dialogs.search_page import SearchPage
from tui_chat.ui.dialogs.search_rows import HitRow
from tui_chat.ui.dialogs.search_widgets import SearchResults
from tui_chat.ui.transcript.extraction import last_answer_text
from tui_chat.workspace import tending
from tui_chat.workspace.opening import Opening


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = SqliteStore(tmp_path / "conversations.db")
    for conversation, nodes in searched_conversations():
        await made.add(conversation, nodes)
    turns: list[Node] = []
    for number in range(60):
        parent = turns[-1].id if turns else None
        turns.append(Node(f"l{number}", parent, NOW + number, user_message(f"Turn {number}\n\nwombat {number}")))
    long = [*turns, Node("other", "l29", NOW + 99, user_message("A numbat on another branch"))]
    await made.add(Conversation("long", NOW, "A long one", head_id="l59"), long)
    yield made
    await made.close()


def rows_of(chat: ChatScreen) -> str:
    view = chat.transcript
    return "\n".join(view.render_line(y).text for y in range(view.size.height))


@pytest.mark.parametrize("keys", [("f9",), ("ctrl+x", "slash")])
async def test_enter_opens_the_conversation_at_the_message_with_its_words_marked(
    tmp_path: Path, store: Store, keys: tuple[str, ...]
) -> None:
    app = chat_app(tmp_path, services=make_services(store=store))
    async with running(app) as (chat, pilot):
        await press(pilot, *keys)
        await until(pilot, lambda: isinstance(app.screen, SearchPage))
        await press(pilot, *"wombat", "space", *"12", "enter")
        await until(pilot, lambda: app.screen is chat and chat.conversation.session.conversation.id == "long")
        await until(pilot, lambda: "wombat 12" in rows_of(chat))
        finder = chat.transcript._search.finder
        assert finder is not None
        await until(pilot, lambda: finder.current is not None and finder.current.section.node_id == "l12")
        await until(pilot, lambda: finder.is_done)
        await until(pilot, lambda: chat.transcript.has_focus)
        await press(pilot, "n")
        assert finder.current is not None
        assert finder.number == 14  # behind `wombat` of that message comes its number


async def test_a_message_on_another_branch_is_opened_on_its_branch(tmp_path: Path, store: Store) -> None:
    app = chat_app(tmp_path, services=make_services(store=store))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/search numbat")
        await until(pilot, lambda: isinstance(app.screen, SearchPage) and app.screen.current)
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen is chat and chat.conversation.session.conversation.id == "long")
        assert chat.conversation.session.path[-1].id == "other"
        await until(pilot, lambda: "A numbat" in rows_of(chat))


async def test_a_hit_in_the_open_conversation_is_gone_to_without_opening_it_again(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("A quokka."))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "Which animal smiles?")
        await until(pilot, lambda: not chat.conversation.is_answering)
        before = chat.conversation
        await send(pilot, chat, "/search quokka")
        await until(pilot, lambda: isinstance(app.screen, SearchPage) and app.screen.current)
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen is chat and chat.transcript.has_focus)
        assert chat.conversation is before


async def test_another_branch_of_the_open_conversation_is_turned_to(tmp_path: Path, store: Store) -> None:
    app = chat_app(tmp_path, services=make_services(store=store), opens_with=Opening(resume_id="long"))
    async with running(app) as (chat, pilot):
        await until(pilot, lambda: "wombat 59" in rows_of(chat))
        await press(pilot, "f9")
        await until(pilot, lambda: isinstance(app.screen, SearchPage))
        await press(pilot, *"numbat")
        await until(pilot, lambda: isinstance(app.screen, SearchPage) and app.screen.current)
        await press(pilot, "enter")
        await until(pilot, lambda: "A numbat on another branch" in rows_of(chat))
        assert chat.conversation.session.path[-1].id == "other"


async def test_a_hit_in_a_conversation_that_is_written_out_of_sight_goes_to_the_one_that_is_open(
    tmp_path: Path, store: Store
) -> None:
    talking = ScriptedCompleter([*opening(), TextDelta("a quokka")])
    app = chat_app(tmp_path, services=make_services(talking, store=store))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "a question about quokkas")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "a quokka")
        session = chat.conversation.session
        await send(pilot, chat, "/new")
        await until(pilot, lambda: chat.conversation.session is not session)
        await press(pilot, "f9")
        await until(pilot, lambda: isinstance(app.screen, SearchPage))
        await press(pilot, *"quokkas")
        await until(pilot, lambda: isinstance(app.screen, SearchPage) and app.screen.current)
        await press(pilot, "enter")
        await until(pilot, lambda: chat.conversation.session is session)
        assert chat.conversation.is_answering
        await until(pilot, lambda: "a quokka" in rows_of(chat))
        chat.conversation.stop()
        await until(pilot, lambda: not chat.conversation.is_answering)


async def test_a_hit_in_a_title_opens_the_conversation_at_its_end(tmp_path: Path, store: Store) -> None:
    app = chat_app(tmp_path, services=make_services(store=store))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/search in:title long")
        await until(pilot, lambda: isinstance(app.screen, SearchPage) and app.screen.current)
        await press(pilot, "enter")
        await until(pilot, lambda: chat.conversation.session.conversation.id == "long")
        await until(pilot, lambda: "wombat 59" in rows_of(chat))
        assert chat.transcript.is_following


async def test_searches_are_remembered_while_the_program_runs(tmp_path: Path, store: Store) -> None:
    app = chat_app(tmp_path, services=make_services(store=store))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/search numbat")
        await until(pilot, lambda: isinstance(app.screen, SearchPage) and app.screen.current)
        await press(pilot, "escape")
        await until(pilot, lambda: app.screen is chat)
        assert chat.finding.searches.texts == ("numbat",)


async def test_what_the_store_has_left_to_do_is_done_in_the_background_and_not_after_leaving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tending, "QUIET_S", 0.0)

    class Work(MemoryStore):
        left = 2
        is_closed = False

        async def tend(self) -> float:
            assert not self.is_closed
            self.left -= 1
            return 1.0 if self.left <= 0 else 0.5

        async def close(self) -> None:
            self.is_closed = True

    store = Work()
    app = chat_app(tmp_path, services=make_services(store=store))
    async with running(app) as (chat, pilot):
        await until(pilot, lambda: store.left <= 0)
        store.left = 99
        app.leave(0)
        await until(pilot, lambda: store.is_closed)
        assert chat.conversation.is_open


async def test_messages_that_were_found_are_bookmarked_and_labelled_where_they_are(
    tmp_path: Path, store: Store
) -> None:
    app = chat_app(tmp_path, services=make_services(store=store))

    def shown(cursor_at: str) -> bool:
        page = app.screen
        return (
            isinstance(page, SearchPage) and isinstance(page.current, HitRow) and page.current.hit.node_id == cursor_at
        )

    async with running(app) as (chat, pilot):
        await press(pilot, "f9")
        await until(pilot, lambda: isinstance(app.screen, SearchPage))
        await press(pilot, *"wombat in:text")
        await until(pilot, lambda: isinstance(app.screen, SearchPage) and app.screen.current is not None)
        await press(pilot, "tab", "down")
        page = app.screen
        assert isinstance(page, SearchPage)
        assert isinstance(page.current, HitRow)
        found = page.current.hit.node_id
        await press(pilot, "b")
        await until(pilot, lambda: app.screen is not page and shown(found))
        assert "Bookmarked." in notes(app)
        await press(pilot, "L")
        await until(pilot, lambda: not isinstance(app.screen, SearchPage))
        await press(pilot, *"fauna", "enter")
        await until(pilot, lambda: shown(found))
        assert isinstance(app.screen.focused, SearchResults)
        _, nodes = await store.load("long")
        marks = next(node.marks for node in nodes if node.id == found)
        assert (marks.is_bookmarked, marks.labels) == (True, ("fauna",))
        assert not chat.conversation.session.path


@pytest.mark.parametrize("key", ["b", "L"])
async def test_a_title_that_was_found_cannot_be_marked_and_the_search_stays(
    tmp_path: Path, store: Store, key: str
) -> None:
    app = chat_app(tmp_path, services=make_services(store=store))
    async with running(app) as (_, pilot):
        await press(pilot, "f9")
        await until(pilot, lambda: isinstance(app.screen, SearchPage))
        await press(pilot, *"in:title o")
        await until(pilot, lambda: isinstance(app.screen, SearchPage) and app.screen.current is not None)
        page = app.screen
        await press(pilot, "tab", key)
        await until(pilot, lambda: app.screen is not page and isinstance(app.screen, SearchPage))
        assert "only messages can be marked" in notes(app)
        assert isinstance(app.screen.focused, SearchResults)


async def test_a_damage_that_the_search_met_is_told_as_the_search_is_left(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "conversations.db"
    await store.close()
    spoil(path, root_of(path, "search_index_0_data"))
    app = chat_app(tmp_path, services=make_services(store=store))
    async with running(app) as (chat, pilot):
        await press(pilot, "f9")
        await until(pilot, lambda: isinstance(app.screen, SearchPage))
        await press(pilot, *"wombat")
        await until(pilot, lambda: bool(list(path.parent.glob("*.corrupt-*Z"))))
        assert "was damaged" not in notes(app)
        await press(pilot, "escape")
        await until(pilot, lambda: app.screen is chat and "was damaged" in notes(app))
