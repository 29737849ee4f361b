"""Messages that wait: seen, changed, moved, removed, sent now, and never sent by surprise."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from textual.pilot import Pilot

from tests.fakes import Step, opening
from tests.ui.support import answer, chat_app, notes, running, send, until
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.parts import Role
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta, ToolCallDelta
from tui_chat.ui.chat_screen.queue_line import QueueLine
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.transcript.extraction import last_answer_text


def gated(gate: asyncio.Event) -> list[Step]:
    """An answer that ends when it may."""
    return [*opening(), TextDelta("one"), gate, Stopped(Outcome.COMPLETE, "stop")]


def endless() -> list[Step]:
    """An answer that has to be stopped."""
    return [*opening(), TextDelta("one")]


def questions(chat: ChatScreen) -> list[str]:
    return [node.message.text for node in chat.conversation.session.path if node.message.role is Role.USER]


@asynccontextmanager
async def waiting(
    tmp_path: Path, *scripts: list[Step], size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[ChatScreen, Pilot[None]]]:
    """A chat that answers, with three messages behind the answer."""
    async with running(chat_app(tmp_path, *scripts), size=size) as (chat, pilot):
        await send(pilot, chat, "first")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "one")
        for text in ("a", "b", "c"):
            chat.dispatch.submit(text)
        assert chat.conversation.outbox.messages == ("a", "b", "c")
        await until(pilot, lambda: chat.query_one(QueueLine).size.height == 3)
        yield chat, pilot


async def test_up_in_the_empty_composer_brings_the_last_one_back_and_it_keeps_its_place(tmp_path: Path) -> None:
    async with waiting(tmp_path, endless()) as (chat, pilot):
        await pilot.press("up")
        assert chat.composer.text == "c"
        assert chat.conversation.outbox.messages == ("a", "b")
        await pilot.press("!", "enter")
        await until(pilot, lambda: chat.conversation.outbox.messages == ("a", "b", "c!"))
        await pilot.press("alt+q", "k", "e")
        await until(pilot, lambda: chat.composer.has_focus)
        assert chat.composer.text == "b"
        await pilot.press("!", "enter")
        await until(pilot, lambda: chat.conversation.outbox.messages == ("a", "b!", "c!"))


async def test_up_goes_through_the_prompts_where_something_is_written(tmp_path: Path) -> None:
    async with waiting(tmp_path, endless()) as (chat, pilot):
        await pilot.press("x", "up")
        assert chat.composer.text == "c"
        assert chat.conversation.outbox.messages == ("a", "b", "c")


def _waits(chat: ChatScreen, messages: tuple[str, ...]) -> bool:
    return chat.conversation.outbox.messages == messages


async def test_the_list_is_changed_by_key(tmp_path: Path) -> None:
    steps: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
        (("K",), ("a", "c", "b")),
        (("K", "K"), ("c", "a", "b")),
        (("down", "alt+down"), ("c", "b", "a")),
        (("home", "J"), ("b", "c", "a")),
        (("alt+up", "j", "delete"), ("c", "a")),
        (("k", "d"), ("a",)),
    )
    async with waiting(tmp_path, endless()) as (chat, pilot):
        await pilot.press("alt+q")
        for keys, left in steps:
            await pilot.press(*keys)
            await until(pilot, partial(_waits, chat, left))
        assert chat.query_one(QueueLine).has_focus
        await pilot.press("escape")
        await until(pilot, lambda: chat.composer.has_focus)
        assert chat.conversation.is_answering


async def test_the_list_is_left_below_its_end_and_when_it_is_empty(tmp_path: Path) -> None:
    async with waiting(tmp_path, endless()) as (chat, pilot):
        await send(pilot, chat, "/queue")
        assert chat.query_one(QueueLine).has_focus
        await pilot.press("down")
        await until(pilot, lambda: chat.composer.has_focus)
        await pilot.press("alt+q", "d", "d", "d")
        await until(pilot, lambda: chat.composer.has_focus and not chat.query_one(QueueLine).display)
        assert "Removed" in notes(chat.app)
        await pilot.press("up")
        assert chat.composer.text == "a"


async def test_sent_now_stops_the_answer_and_leaves_the_others_waiting(tmp_path: Path) -> None:
    gate = asyncio.Event()
    async with waiting(tmp_path, endless(), gated(gate), answer("three"), answer("four")) as (chat, pilot):
        chat.composer.put("a draft")
        await pilot.press("alt+q", "k", "enter")
        await until(pilot, lambda: questions(chat) == ["first", "b"])
        assert chat.conversation.session.path[1].message.text == "one"
        assert chat.conversation.outbox.messages == ("a", "c")
        assert chat.composer.text == "a draft"
        gate.set()
        await until(
            pilot, lambda: last_answer_text(chat.transcript.whole) == "four" and not chat.conversation.is_answering
        )
        assert questions(chat) == ["first", "b", "a", "c"]


async def test_the_mouse_goes_to_a_message_and_presses_its_buttons(tmp_path: Path) -> None:
    async with waiting(tmp_path, endless(), size=(60, 24)) as (chat, pilot):
        line = chat.query_one(QueueLine)
        await pilot.click(line, offset=(5, 1))
        await until(pilot, lambda: line.has_focus and line.cursor == 1)
        assert chat.conversation.outbox.messages == ("a", "b", "c")
        await pilot.pause()
        # The cross ends two cells before the edge: the frame, and the bar that scrolls.
        await pilot.click(line, offset=(line.outer_size.width - 4, 1))
        await until(pilot, lambda: chat.conversation.outbox.messages == ("a", "c"))


async def test_an_answer_that_fails_gives_back_what_waits_and_says_so(tmp_path: Path) -> None:
    gate = asyncio.Event()
    failure = Failure(ErrorKind.GATEWAY, "It fell over.", "Try again.", retryable=True)
    failing: list[Step] = [*opening(), TextDelta("one"), gate, Stopped(Outcome.ERROR, failure=failure)]
    async with waiting(tmp_path, failing) as (chat, pilot):
        chat.composer.put("d")
        gate.set()
        await until(pilot, lambda: chat.composer.text == "a\n\nb\n\nc\n\nd")
        assert "none was sent" in notes(chat.app)
        assert questions(chat) == ["first"]


async def test_a_message_that_cannot_be_sent_comes_back_before_those_behind_it(tmp_path: Path) -> None:
    gate = asyncio.Event()
    async with running(chat_app(tmp_path, gated(gate))) as (chat, pilot):
        (file := tmp_path / "plan.md").write_text("plan")
        await send(pilot, chat, "first")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "one")
        for text in (f"look at @{file}", "then this"):
            await send(pilot, chat, text)
        await until(pilot, lambda: len(chat.conversation.outbox) == 2)
        file.unlink()
        chat.composer.put("a draft")
        gate.set()
        await until(pilot, lambda: chat.composer.text == f"look at @{file}\n\nthen this\n\na draft")


async def test_another_conversation_gets_nothing_of_what_waits(tmp_path: Path) -> None:
    async with waiting(tmp_path, endless()) as (chat, pilot):
        old = chat.conversation.session.conversation.id
        await pilot.press("ctrl+n")
        await until(pilot, lambda: chat.conversation.session.conversation.id != old)
        assert chat.composer.text == ""
        assert not chat.conversation.outbox.messages
        chat.dispatch.submit(f"/resume {old}")
        await until(pilot, lambda: chat.conversation.outbox.messages == ("a", "b", "c"))
        assert chat.composer.text == ""


async def test_what_waits_for_a_tools_result_is_sent_before_what_comes_later(tmp_path: Path) -> None:
    gate = asyncio.Event()
    call: list[Step] = [
        *opening(), TextDelta("one"), gate,
        ToolCallDelta(0, "c1", "get_weather", "{}"), Stopped(Outcome.COMPLETE, "tool_calls"),
    ]  # fmt: skip
    async with waiting(tmp_path, call, answer("2"), answer("3"), answer("4"), answer("5")) as (chat, pilot):
        gate.set()
        await until(pilot, lambda: chat.conversation.session.pending_calls and not chat.conversation.is_answering)
        assert chat.conversation.outbox.messages == ("a", "b", "c")
        chat.composer.focus()
        await send(pilot, chat, "d")
        await until(
            pilot, lambda: last_answer_text(chat.transcript.whole) == "5" and not chat.conversation.is_answering
        )
        assert questions(chat) == ["first", "a", "b", "c", "d"]


async def test_a_turn_that_breaks_gives_back_what_waits(tmp_path: Path) -> None:
    gate = asyncio.Event()

    def broken() -> None:
        raise RuntimeError("broke")

    async with waiting(tmp_path, [*opening(), TextDelta("one"), gate, broken]) as (chat, pilot):
        gate.set()
        await until(pilot, lambda: chat.composer.text == "a\n\nb\n\nc" and not chat.conversation.is_answering)


async def test_nothing_waits_is_said(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "/queue")
        await until(pilot, lambda: "No message is queued" in notes(app))


async def test_no_row_reaches_beyond_the_edge_of_the_screen(tmp_path: Path) -> None:
    async with waiting(tmp_path, endless(), size=(100, 30)) as (chat, pilot):
        line = chat.query_one(QueueLine)
        assert line.region.right == 100
        line.focus()
        await until(pilot, lambda: line.has_focus and line.region.right == 100)


async def test_on_a_low_screen_what_waits_and_what_is_written_leave_room_for_the_answer(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, endless()), size=(40, 10)) as (chat, pilot):
        await send(pilot, chat, "first")
        for text in ("a", "b", "c", "d"):
            chat.dispatch.submit(text)
        chat.composer.put("one\ntwo\nthree")
        await until(pilot, lambda: chat.composer.outer_size.height == 3)
        assert chat.query_one(QueueLine).size.height == 2
        assert chat.transcript.size.height == 3


async def test_a_message_that_waited_is_sent_without_moving_whoever_reads_further_up(tmp_path: Path) -> None:
    gate = asyncio.Event()
    long = [*opening(), TextDelta("line\n\n" * 60), gate, Stopped(Outcome.COMPLETE, "stop")]
    async with running(chat_app(tmp_path, long, answer("two"), answer("three"), endless(), answer("five"))) as (
        chat,
        pilot,
    ):
        await send(pilot, chat, "first")
        await until(pilot, lambda: "line" in last_answer_text(chat.transcript.whole))
        await send(pilot, chat, "second")
        await pilot.press("ctrl+home")
        gate.set()
        await until(
            pilot, lambda: last_answer_text(chat.transcript.whole) == "two" and not chat.conversation.is_answering
        )
        assert not chat.transcript.is_following
        await send(pilot, chat, "third")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "three")
        assert chat.transcript.is_following
        await until(pilot, lambda: not chat.conversation.is_answering)
        await send(pilot, chat, "fourth")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "one")
        await send(pilot, chat, "fifth")
        await pilot.press("ctrl+home")
        assert not chat.transcript.is_following
        await pilot.press("alt+q", "enter")
        await until(pilot, lambda: last_answer_text(chat.transcript.whole) == "five")
        assert chat.transcript.is_following
