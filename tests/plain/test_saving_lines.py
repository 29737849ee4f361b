"""What could not be saved, while a plain chat waits for a line."""

from pathlib import Path
from threading import Event

from tests.fakes import ScriptedCompleter, make_services
from tests.full_disk import FullDisk
from tests.plain.support import PlainChat, answer
from tui_chat.core.tree import Conversation, Node
from tui_chat.workspace.saving import SAVED_AGAIN

PATIENCE_S = 10.0


class NoticedDisk(FullDisk):
    """Tells, across threads, of each refusal and of each message that was saved."""

    def __init__(self) -> None:
        super().__init__()
        self.has_refused = Event()
        self.has_saved = Event()

    async def save_conversation(self, conversation: Conversation) -> None:
        if not self.has_room:
            self.has_refused.set()
        await super().save_conversation(conversation)

    async def save_node(self, conversation_id: str, node: Node, *, is_billed: bool = True) -> None:
        await super().save_node(conversation_id, node, is_billed=is_billed)
        if node.message.text == "one":
            self.has_saved.set()


async def test_it_is_saved_while_the_person_types_nothing_and_said_after_the_next_line(tmp_path: Path) -> None:
    store = NoticedDisk()
    services = make_services(ScriptedCompleter(answer("one")), store=store)
    chat = PlainChat(tmp_path, services=services, typed=("hello", "/queue", "/quit"), first_wait_s=0.001)
    asked = 0

    def wait() -> None:
        nonlocal asked
        asked += 1
        if asked == 2:
            for _ in range(3):  # it fails, and is tried again
                store.has_refused.clear()
                assert store.has_refused.wait(PATIENCE_S)
            store.has_room = True
            assert store.has_saved.wait(PATIENCE_S)

    chat.lines.while_asked = wait
    assert await chat.converse()
    chat.chat.lines.close()
    assert chat.said.count(SAVED_AGAIN) == 1
    assert (await store.list())[0].messages == 2


async def test_a_line_that_comes_ends_the_tries_at_once(tmp_path: Path) -> None:
    services = make_services(ScriptedCompleter(answer("one")), store=FullDisk())
    chat = PlainChat(tmp_path, services=services, typed=("hello", "/queue", "/quit"))
    assert await chat.converse()
    chat.chat.lines.close()
    assert chat.chat.saving.is_owed
    assert SAVED_AGAIN not in chat.said
