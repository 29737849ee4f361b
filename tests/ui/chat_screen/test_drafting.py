"""Drafts: each stays with its conversation, comes back with it, and is on disk while it is written."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.connectors import NoConnector
from tests.fakes import ScriptedCompleter, Step, make_services, opening
from tests.memory_store import MemoryStore
from tests.ui.support import answer, chat_app, list_files, notes, running, send, until
from tui_chat.chat.services import Services
from tui_chat.core.errors import SettingsError
from tui_chat.core.stream_events import TextDelta
from tui_chat.core.tree import Conversation, Node
from tui_chat.settings.base_url import mend_base_url
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.dialogs.stash_list import StashList
from tui_chat.ui.rows.pick_list import PickList
from tui_chat.ui.transcript.extraction import last_answer_text
from tui_chat.workspace.opening import Opening

OPEN: list[Step] = [*opening(), TextDelta("one")]
"""An answer that never ends."""


def on_disk(folder: Path) -> str:
    """Everything in the draft files."""
    return "".join(file.read_text() for file in sorted((folder / "drafts").glob("*.json")))


def idle(chat: ChatScreen) -> Callable[[], bool]:
    return lambda: bool(chat.conversation.session.path) and not chat.conversation.is_answering


def is_writing(chat: ChatScreen) -> bool:
    """A draft is on its way to the disk."""
    return any(worker.group == "draft" for worker in chat.workers)


async def test_what_is_written_is_on_disk_at_once_and_nothing_is_written_while_nothing_changes(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await pilot.press(*"thought")
        await until(pilot, lambda: "thought" in on_disk(tmp_path))
        await until(pilot, lambda: not is_writing(chat))
        chat.drafting.settled()
        assert not is_writing(chat)
        await pilot.press("s")
        chat.drafting.settled()
        assert is_writing(chat)


async def test_a_draft_of_a_new_chat_is_back_at_the_next_start(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        chat.composer.put("half a thought")
        app.leave(0)
        await until(pilot, lambda: app.return_code is not None)
    after = chat_app(tmp_path)
    async with running(after) as (chat, pilot):
        await until(pilot, lambda: chat.composer.text == "half a thought")
        assert "is back" in notes(after)
        await pilot.press("ctrl+z")
        assert chat.composer.text == "half a thought"


async def test_a_draft_waits_for_its_conversation(tmp_path: Path) -> None:
    store = MemoryStore()
    app = chat_app(tmp_path, services=make_services(ScriptedCompleter(answer("one")), store=store))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "question")
        await until(pilot, idle(chat))
        chat.composer.put("about that")
        app.leave(0)
        await until(pilot, lambda: app.return_code is not None)
    async with running(chat_app(tmp_path, services=make_services(store=store))) as (chat, pilot):
        assert chat.composer.text == ""
        await send(pilot, chat, f"/resume {await store.latest_id()}")
        await until(pilot, lambda: chat.composer.text == "about that")
        await send(pilot, chat, "/new")
        await until(pilot, lambda: not chat.conversation.session.path)
        assert chat.composer.text == ""
    again = chat_app(tmp_path, services=make_services(store=store), opens_with=Opening(continue_latest=True))
    async with running(again) as (chat, pilot):
        assert chat.composer.text == ""


async def test_a_draft_stays_behind_and_does_not_leak(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"), answer("two"))) as (chat, pilot):
        await send(pilot, chat, "question")
        await until(pilot, idle(chat))
        old = chat.conversation.session.conversation.id
        chat.composer.put("of the old one")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: chat.conversation.session.conversation.id != old and chat.composer.text == "")
        await pilot.press("ctrl+z", "up", "down")
        assert "old one" not in chat.composer.text
        chat.composer.put("of the new one")
        for _ in range(3):
            chat.action_command("new")
        chat.dispatch.submit(f"/resume {old}")
        await until(pilot, lambda: chat.composer.text == "of the old one")
        chat.action_command("fork")
        await until(pilot, lambda: chat.conversation.session.conversation.id != old and chat.composer.text == "")
        chat.dispatch.submit(f"/resume {old}")
        await until(pilot, lambda: chat.composer.text == "of the old one")
        chat.action_command("new")
        await until(pilot, lambda: chat.composer.text == "of the new one")


async def test_of_a_temporary_chat_nothing_is_on_disk_and_its_draft_is_there_while_it_is(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("one"), opens_with=Opening(is_temporary=True))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "sesame asked")
        await until(pilot, idle(chat))
        chat.composer.put("sesame draft")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "until you quit" in notes(app))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: chat.composer.text == "sesame draft")
        chat.action_command("new")
        await until(pilot, lambda: not chat.conversation.session.path)
        assert chat.composer.text == ""
        chat.composer.put("sesame again")
        chat.action_command("new")
        await until(pilot, lambda: chat.composer.text == "sesame again")
        app.leave(0)
        await until(pilot, lambda: app.return_code is not None)
    assert not any(b"sesame" in file.read_bytes() for file in list_files(tmp_path))


async def test_a_temporary_chat_that_is_kept_keeps_its_draft_too(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("one"), opens_with=Opening(is_temporary=True))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "question")
        await until(pilot, idle(chat))
        chat.composer.put("sesame")
        chat.action_command("temporary")
        await until(pilot, lambda: "sesame" in on_disk(tmp_path))


class SlowStore(MemoryStore):
    """Writes nothing before it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may_write = asyncio.Event()

    async def save_conversation(self, conversation: Conversation) -> None:
        await self.may_write.wait()
        await super().save_conversation(conversation)

    async def save_node(self, conversation_id: str, node: Node, *, is_billed: bool = True) -> None:
        await self.may_write.wait()
        await super().save_node(conversation_id, node, is_billed=is_billed)


async def test_a_message_stays_a_draft_until_its_question_is_on_disk(tmp_path: Path) -> None:
    store = SlowStore()
    app = chat_app(tmp_path, services=make_services(ScriptedCompleter(OPEN), store=store))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "question")
        await until(pilot, lambda: "question" in on_disk(tmp_path))
        assert chat.composer.text == ""
        store.may_write.set()
        await until(pilot, lambda: on_disk(tmp_path) == "")
        assert chat.conversation.is_answering


async def test_what_waits_is_in_the_draft_and_is_not_sent_by_itself(tmp_path: Path) -> None:
    app = chat_app(tmp_path, OPEN)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "question")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "one")
        await send(pilot, chat, "second")
        await send(pilot, chat, "third")
        chat.composer.put("fourth")
        await until(pilot, lambda: "fourth" in on_disk(tmp_path))
        written = on_disk(tmp_path)
    assert '"waiting":["second","third"]' in written
    for file in (tmp_path / "drafts").iterdir():
        file.unlink()
    (tmp_path / "drafts" / "new-gone.gone.json").write_text(written)
    after = chat_app(tmp_path)
    async with running(after) as (chat, pilot):
        await until(pilot, lambda: chat.composer.text == "second\n\nthird\n\nfourth")
        assert "Queued messages were not sent" in notes(after)
        assert not chat.conversation.session.path


async def test_drafts_of_several_that_broke_are_all_there(tmp_path: Path) -> None:
    (tmp_path / "drafts").mkdir()
    for name in ("one", "two"):
        (tmp_path / "drafts" / f"new-{name}.gone.json").write_text(
            f'{{"conversation_id":"{name}","pieces":["{name}"]}}'
        )
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await until(pilot, lambda: chat.composer.text in ("one", "two"))
        other = "two" if chat.composer.text == "one" else "one"
        assert "1 more is stashed" in notes(app)
        chat.composer.put("")
        await send(pilot, chat, "/pop")
        await until(pilot, lambda: chat.composer.text == other)


async def test_an_edit_of_a_question_comes_back_as_one(tmp_path: Path) -> None:
    store = MemoryStore()
    app = chat_app(tmp_path, services=make_services(ScriptedCompleter(answer("one")), store=store))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "frist")
        await until(pilot, idle(chat))
        chat.composer.put("a draft")
        chat.action_command("edit")
        await until(pilot, lambda: chat.composer.text == "frist")
        await until(pilot, lambda: "1 stashed" in str(chat.composer.placeholder))
        chat.composer.put("first")
        app.leave(0)
        await until(pilot, lambda: app.return_code is not None)
    services = make_services(ScriptedCompleter(answer("two")), store=store)
    after = chat_app(tmp_path, services=services, opens_with=Opening(continue_latest=True))
    async with running(after) as (chat, pilot):
        assert chat.composer.text == "first"
        await pilot.press("enter")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "two")
        assert [node.message.text for node in chat.conversation.session.path] == ["first", "two"]


class OtherGateway(NoConnector):
    """Connects to anything."""

    def connect(self, base_url: str, key: str) -> Services:
        mend_base_url(base_url)
        return make_services()


async def test_another_gateway_leaves_the_draft_alone(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, connector=OtherGateway())) as (chat, _):
        chat.composer.put("a draft")
        await chat.connect(OtherGateway().connect("http://other.invalid/v1", ""))
        assert chat.composer.text == "a draft"


async def test_a_draft_is_kept_where_the_program_cannot_even_start_to_chat(tmp_path: Path) -> None:
    def make() -> Services:
        raise SettingsError("Broken.", "Mend it.")

    app = chat_app(tmp_path, make=make)
    async with app.run_test() as pilot:
        await pilot.press(*"thought")
        await until(pilot, lambda: "thought" in on_disk(tmp_path))
        app.leave(0)
        await until(pilot, lambda: app.return_code is not None)
    async with running(chat_app(tmp_path)) as (chat, pilot):
        await until(pilot, lambda: chat.composer.text == "thought")


async def test_a_folder_that_takes_no_drafts_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "drafts").touch()
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await pilot.press("a")
        await until(pilot, lambda: "cannot be kept" in notes(app))
        assert chat.composer.text == "a"


async def test_a_cleared_draft_comes_back_by_undo_and_by_up(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, answer("one"))) as (chat, pilot):
        chat.composer.put("a draft")
        await pilot.press("ctrl+c")
        assert chat.composer.text == ""
        await pilot.press("ctrl+z")
        assert chat.composer.text == "a draft"
        await pilot.press("ctrl+c")
        await send(pilot, chat, "something else")
        await until(pilot, idle(chat))
        await pilot.press("up", "up")
        assert chat.composer.text == "a draft"


# The stash


async def test_stashed_drafts_are_there_for_the_next_run_and_said_in_the_empty_composer(tmp_path: Path) -> None:
    paste = "line\n" * 200
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        chat.composer.put("see ")
        chat.composer.insert_text(paste)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: chat.composer.text == "" and "1 stashed" in str(chat.composer.placeholder))
        await send(pilot, chat, "/stash second one")
        await until(pilot, lambda: "2 stashed" in str(chat.composer.placeholder))
    async with running(chat_app(tmp_path)) as (chat, pilot):
        assert "2 stashed" in str(chat.composer.placeholder)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, StashList))
        await pilot.press("down", "enter")
        await until(pilot, lambda: chat.composer.text == f"see {paste}")
        assert len(chat.composer.document.text) < 100
        await until(pilot, lambda: "1 stashed" in str(chat.composer.placeholder))


def _is_listed(chat: ChatScreen, count: int) -> bool:
    shown = chat.app.screen
    return isinstance(shown, StashList) and len(shown.query(PickList)) == 1 and shown.query_one(PickList).count == count


async def test_a_stashed_draft_can_be_deleted_in_the_list(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        for word in ("one", "two", "three"):
            await send(pilot, chat, f"/stash {word}")
            await until(pilot, lambda: chat.composer.text == "")
        await send(pilot, chat, "/pop")
        for left in (2, 1):
            await until(pilot, partial(_is_listed, chat, left + 1))
            await pilot.press("d")
        await until(pilot, partial(_is_listed, chat, 1))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is chat)
        assert chat.composer.text == ""


async def test_there_is_nothing_to_pop_at_first(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/pop")
        await until(pilot, lambda: "Nothing is stashed" in notes(app))


async def test_the_draft_and_the_queue_of_a_conversation_out_of_sight_are_on_disk_while_it_goes_on(
    tmp_path: Path,
) -> None:
    async with running(chat_app(tmp_path, OPEN)) as (chat, pilot):
        await send(pilot, chat, "question")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "one")
        old = chat.conversation
        await send(pilot, chat, "queued")
        chat.composer.put("half a thought")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: chat.conversation is not old)
        await until(pilot, lambda: {"queued", "half a thought"} <= set(on_disk(tmp_path).split('"')))
        await pilot.press(*"other")
        await until(pilot, lambda: {"queued", "half a thought", "other"} <= set(on_disk(tmp_path).split('"')))
        chat.dispatch.submit(f"/resume {old.session.conversation.id}")
        await until(pilot, lambda: chat.composer.text == "half a thought")
        assert old.outbox.messages == ("queued",)
        await pilot.press("!")
        await until(pilot, lambda: "half a thought!" in on_disk(tmp_path))
        assert "half a thought" not in on_disk(tmp_path).split('"')
