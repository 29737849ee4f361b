"""The list of conversations in plain mode: ten at a time under their days, and what is done with a number."""

from pathlib import Path

from msgspec.structs import replace

from tests.fakes import FakeClock, make_services
from tests.plain.support import PlainChat, answer
from tests.store.values import answer as stored_answer
from tests.store.values import question
from tests.workspace.test_elsewhere import store_with_half
from tui_chat.chat.services import Services
from tui_chat.core.search_query import Filters, Shelf
from tui_chat.core.tree import Conversation

DAY_S = 86_400


async def saved(count: int = 3) -> Services:
    services = make_services()
    now = FakeClock().now()
    for number in range(count):
        at = now - number * DAY_S
        nodes = (replace(question(), created_at=at), replace(stored_answer(cost="0.0921"), created_at=at))
        await services.store.add(Conversation(f"c{number}", at, f"Talk {number}", "m", head_id="a"), nodes)
    return services


async def test_conversations_are_read_out_ten_at_a_time_under_their_days(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, services=await saved(12), typed=["/resume", "", "q"])
    await chat.converse()
    assert "Today.\n1. Talk 0, 2 messages, $0.0921\nYesterday.\n2. Talk 1, 2 messages, $0.0921\n" in chat.said
    first, _, rest = chat.said.partition("Enter for more of 12")
    assert "10. Talk 9" in first
    assert "11. Talk 10" not in first
    assert "11. Talk 10" in rest


async def test_a_number_opens(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, services=await saved(), typed=["/resume", "2"])
    await chat.converse()
    assert chat.chat.session.conversation.id == "c1"


async def test_an_answer_that_another_program_is_writing_is_said_and_nothing_sent_onto_its_half(tmp_path: Path) -> None:
    services = make_services(store=await store_with_half())
    chat = PlainChat(tmp_path, services=services, typed=["/resume", "1", "And then?"])
    await chat.converse()
    assert "The answer is still being written, by another program. /resume c1 reads it again." in chat.said
    assert "Nothing was sent. Ask again when that answer has ended." in chat.said
    assert len(chat.chat.session.path) == 2


async def test_labels_are_taken_away_by_a_dash_and_by_nothing_less(tmp_path: Path) -> None:
    services = await saved(1)
    await services.store.set_labels("c0", ("home", "work"))
    chat = PlainChat(tmp_path, services=services, typed=["/resume", "label 1", "q", "/resume", "label 1 -", "q"])
    await chat.converse()
    first, left, rest = chat.said.partition("Nothing was chosen.")
    assert "A dash takes all labels away: label 1 -" in first
    assert "Took the labels" not in first
    assert left
    assert "Took the labels from “Talk 0”." in rest


async def test_words_narrow_and_the_rows_then_say_when(tmp_path: Path) -> None:
    services = await saved()
    await services.store.set_labels("c2", ("work",))
    chat = PlainChat(tmp_path, services=services, typed=["/resume", "work", "1"])
    await chat.converse()
    assert "1 fits:\n1. Talk 2, labelled work, " in chat.said
    assert chat.chat.session.conversation.id == "c2"


async def test_what_is_done_with_a_number_is_done_and_the_list_read_again(tmp_path: Path) -> None:
    services = await saved()
    typed = ["/resume", "rename 1 Another name", "label 1 #work", "archive 2", "delete 2", "undo", "q"]
    chat = PlainChat(tmp_path, services=services, typed=typed)
    await chat.converse()
    assert "Renamed: Another name" in chat.said
    assert "1. Another name, labelled work, 2 messages" in chat.said
    assert "Archived “Talk 1”." in chat.said
    assert "Deleted “Talk 2”. undo brings it back until you quit." in chat.said
    assert "Brought back “Talk 2”." in chat.said
    assert [row.id for row in await services.store.list()] == ["c0", "c2"]


async def test_the_archive_is_read_out_and_brought_back_from(tmp_path: Path) -> None:
    services = await saved()
    await services.store.set_archived("c1", True)
    chat = PlainChat(tmp_path, services=services, typed=["/resume", "archive", "archive 1", "archive", "q"])
    await chat.converse()
    assert "Brought back “Talk 1”." in chat.said
    assert "Nothing is archived." in chat.said
    assert await services.store.list(filters=Filters(shelf=Shelf.ARCHIVED)) == ()


async def test_where_all_are_archived_or_deleted_the_list_says_how_they_come_back(tmp_path: Path) -> None:
    services = await saved(1)
    await services.store.set_archived("c0", True)
    typed = ["/resume", "archive", "archive 1", "archive", "delete 1", "undo", "q"]
    chat = PlainChat(tmp_path, services=services, typed=typed)
    await chat.converse()
    assert "No conversation is left here: archive shows the archived ones." in chat.said
    assert "No conversation is left here: undo brings back what was deleted." in chat.said
    assert "Brought back “Talk 0”." in chat.said


async def test_an_archived_conversation_opens_as_any_other_and_says_so(tmp_path: Path) -> None:
    services = await saved()
    await services.store.set_archived("c1", True)
    chat = PlainChat(tmp_path, services=services, typed=["/resume", "archive", "1", "/archive"])
    await chat.converse()
    assert "It is archived: /archive brings it back." in chat.said
    assert "Brought back “Talk 1”." in chat.said


async def test_the_one_that_is_open_is_not_deleted_under_ones_feet(tmp_path: Path) -> None:
    chat = PlainChat(tmp_path, answer("Yes."), typed=["/resume", "delete 1", "q"])
    await chat.converse("Is it?")
    assert "It is the one that is open: /new first, then delete it." in chat.said
