"""What the store has left to do is done when nothing else is going on."""

from collections.abc import Callable
from pathlib import Path

from tests.memory_store import MemoryStore
from tests.store.looking import ids_found
from tests.store.values import question
from tui_chat.core.errors import StoreError
from tui_chat.core.tree import Conversation
from tui_chat.store.sqlite import SqliteStore
from tui_chat.workspace.tending import BUSY_PAUSE_S, QUIET_S, Tending


class Work(MemoryStore):
    """A store with so many pieces to do, each of which takes a while."""

    def __init__(self, pieces: int, *, clock: "Clock") -> None:
        super().__init__()
        self.left = pieces
        self._clock = clock

    async def tend(self) -> float:
        self._clock.now += 0.08
        if not self.left:
            return 1.0
        self.left -= 1
        return 0.5


class Clock:
    """Time that passes where somebody sleeps."""

    def __init__(self, then: Callable[[int], object] = lambda _: None) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._then = then
        """Is told how often was slept, before the sleeper goes on."""

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)
        self._then(len(self.slept))

    def monotonic(self) -> float:
        return self.now


def tending(clock: Clock, is_busy: Callable[[], bool] = lambda: False) -> Tending:
    return Tending(is_busy, clock.monotonic, sleep=clock.sleep)


async def test_pieces_are_done_until_none_is_left_with_longer_pauses_than_they_take() -> None:
    clock = Clock()
    store = Work(3, clock=clock)
    await tending(clock).run(store)
    assert store.left == 0
    assert clock.slept[0] == QUIET_S
    assert min(clock.slept[1:]) > 0.08


async def test_nothing_is_done_while_an_answer_is_written() -> None:
    clock = Clock()
    store = Work(1, clock=clock)
    await tending(clock, lambda: len(clock.slept) < 4).run(store)
    assert clock.slept[1:4] == [BUSY_PAUSE_S] * 3
    assert store.left == 0


async def test_nothing_is_done_while_somebody_types() -> None:
    def typed(times: int) -> None:
        if times < 4:
            assert store.left == 1
            work.key_pressed()

    clock = Clock(typed)
    store, work = Work(1, clock=clock), tending(clock)
    await work.run(store)
    assert len(clock.slept) >= 5
    assert store.left == 0


async def test_no_piece_is_begun_once_the_program_is_left() -> None:
    clock = Clock(lambda times: work.end() if times == 2 else None)
    store, work = Work(9, clock=clock), tending(clock)
    await work.run(store)
    assert store.left == 8


async def test_a_store_that_cannot_be_written_is_left_alone() -> None:
    class Broken(MemoryStore):
        async def tend(self) -> float:
            raise StoreError("The disk is full.", "Make room.")

    await tending(Clock()).run(Broken())


async def test_messages_that_were_written_without_an_index_come_into_it(tmp_path: Path) -> None:
    path, clock = tmp_path / "conversations.db", Clock()
    before = SqliteStore(path, use_index=False)
    await before.save_conversation(Conversation("c1", 99.0))
    await before.save_node("c1", question(text="a lifetime"))
    await before.close()
    store = SqliteStore(path)
    await tending(clock).run(store)
    assert await store.tend() == 1.0
    assert await ids_found(store, "lifet") == ["q"]
    await store.close()
