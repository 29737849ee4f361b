"""Finding words in a conversation: the line that asks, its count, and the way back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from textual.pilot import Pilot

from tests.fakes import opening
from tests.ui.support import answer, chat_app, press, running, send, until
from tui_chat.core.stream_events import Outcome, Stopped, TextDelta
from tui_chat.ui.chat_screen.find_bar import FindBar
from tui_chat.ui.chat_screen.screen import ChatScreen
from tui_chat.ui.transcript.extraction import last_answer_text
from tui_chat.ui.transcript.view import TranscriptView

LONG = "\n\n".join(f"Line {number}: the quick fox." for number in range(60))


@asynccontextmanager
async def answered(folder: Path, settings: str = "") -> AsyncIterator[tuple[ChatScreen, Pilot[None]]]:
    async with running(chat_app(folder, answer(LONG), settings=settings)) as (chat, pilot):
        await send(pilot, chat, "Tell me lines.")
        await until(
            pilot, lambda: last_answer_text(chat.transcript.whole) == LONG and not chat.conversation.is_answering
        )
        yield chat, pilot


def count(chat: ChatScreen) -> str:
    return chat.query_one(FindBar).top_edge.words.removeprefix("Find").split(" · Esc")[0].strip(" ·")


def count_is(chat: ChatScreen, words: str) -> bool:
    return count(chat) == words


def shown(view: TranscriptView) -> str:
    return "\n".join(view.render_line(y).text for y in range(view.size.height))


async def test_words_are_looked_for_while_they_are_typed(tmp_path: Path) -> None:
    async with answered(tmp_path) as (chat, pilot):
        await pilot.press("ctrl+f", *"line 1")
        await until(pilot, lambda: count(chat) == "11 of 11")
        assert "▌  Line 19" in shown(chat.transcript)
        await pilot.press("shift+enter", "shift+enter")
        await until(pilot, lambda: count(chat) == "9 of 11")
        await pilot.press("enter")
        await until(pilot, lambda: count(chat) == "10 of 11")
        await pilot.press("x")
        await until(pilot, lambda: count(chat) == "not found")


async def test_words_that_come_while_the_search_is_open_are_found_and_nobody_is_moved(tmp_path: Path) -> None:
    first, second = asyncio.Event(), asyncio.Event()
    script = [*opening(), TextDelta("one "), first, TextDelta("needle "), second, TextDelta("needle")]
    async with running(chat_app(tmp_path, [*script, Stopped(Outcome.COMPLETE, "stop")])) as (chat, pilot):
        await send(pilot, chat, "go")
        await until(pilot, lambda: "one" in shown(chat.transcript))
        await pilot.press("ctrl+f", *"needle")
        await until(pilot, partial(count_is, chat, "not found"))
        first.set()
        await until(pilot, partial(count_is, chat, "1 found"))
        await pilot.press("enter")
        await until(pilot, partial(count_is, chat, "1 of 1"))
        second.set()
        await until(pilot, partial(count_is, chat, "1 of 2"))
        await until(pilot, lambda: not chat.conversation.is_answering)
        await until(pilot, partial(count_is, chat, "1 of 2"))


async def test_a_search_opened_again_is_typed_over_and_its_keys_are_offered_where_there_is_a_match(
    tmp_path: Path,
) -> None:
    async with answered(tmp_path) as (chat, pilot):
        for words, number, hints in (("quick", "60 of 60", "next · ↑ previous"), ("zebra", "not found", "")):
            await pilot.press("ctrl+f", *words)
            await until(pilot, partial(count_is, chat, number))
            assert chat.query_one(FindBar).field.value == words
            keys = chat.query_one(FindBar).bottom_edge.words
            assert (hints in keys) if hints else ("next" not in keys)
            await pilot.press("escape")
            await until(pilot, lambda: not chat.query(FindBar))


async def test_esc_ends_the_search_and_goes_back(tmp_path: Path) -> None:
    async with answered(tmp_path) as (chat, pilot):
        before = shown(chat.transcript)
        await pilot.press("ctrl+f", *"line 3:")
        await until(pilot, lambda: count(chat) == "1 of 1")
        assert shown(chat.transcript) != before
        await pilot.press("escape")
        await until(pilot, lambda: not chat.query(FindBar))
        assert shown(chat.transcript) == before
        assert chat.transcript.is_following
        assert chat.composer.has_focus


async def test_tab_goes_to_the_text_and_n_goes_on(tmp_path: Path) -> None:
    async with answered(tmp_path) as (chat, pilot):
        await pilot.press("ctrl+f", *"line 2", "tab")
        await until(pilot, lambda: not chat.query(FindBar))
        assert chat.transcript.has_focus
        assert "▌  Line 29" in shown(chat.transcript)
        await pilot.press("N")
        assert "▌  Line 28" in shown(chat.transcript)
        await pilot.press("n", "n")
        assert "▌  Line 2:" in shown(chat.transcript)
        await pilot.press("escape")
        assert chat.transcript.has_focus
        await pilot.press("escape")
        assert chat.composer.has_focus


def drawn_as(chat: ChatScreen, attribute: str) -> list[str]:
    """The texts in the transcript that are drawn so, `reverse` or `underline`."""
    rows = (chat.transcript.render_line(y) for y in range(chat.transcript.size.height))
    return [segment.text for row in rows for segment in row if segment.style and getattr(segment.style, attribute)]


async def test_without_colours_the_current_hit_is_told_from_the_others_of_its_line(tmp_path: Path) -> None:
    async with answered(tmp_path, 'theme = "terminal"') as (chat, pilot):
        await pilot.press("ctrl+f", "e")
        await until(pilot, lambda: drawn_as(chat, "reverse") == ["e"])
        assert len(drawn_as(chat, "underline")) > 1


async def test_a_typed_command_opens_the_search_with_its_words(tmp_path: Path) -> None:
    async with answered(tmp_path) as (chat, pilot):
        await send(pilot, chat, "/find fox")
        await until(pilot, lambda: chat.query(FindBar) and count(chat) == "60 of 60")
        await pilot.press("escape", "ctrl+f")
        await until(pilot, lambda: chat.query(FindBar) and count(chat) == "60 of 60")


async def test_the_draft_is_not_touched_by_a_search(tmp_path: Path) -> None:
    async with answered(tmp_path) as (chat, pilot):
        chat.composer.put("half a thought")
        await pilot.press("ctrl+f", *"fox", "enter", "escape")
        await until(pilot, lambda: not chat.query(FindBar))
        assert chat.composer.text == "half a thought"


def has_whole_width(chat: ChatScreen) -> bool:
    return chat.transcript.outer_size.width == chat.size.width


def shares_its_width(chat: ChatScreen) -> bool:
    return not has_whole_width(chat)


async def test_a_pane_beside_the_transcript_leaves_the_end_in_sight(tmp_path: Path) -> None:
    words = "\n\n".join(
        f"Line {number}: " + "the quick brown fox jumps over the lazy dog. " * 8 for number in range(40)
    )
    async with running(chat_app(tmp_path, answer(words + "\n\nThe end.")), (120, 30)) as (chat, pilot):
        await send(pilot, chat, "Tell me lines.")
        await until(pilot, lambda: "The end." in shown(chat.transcript) and not chat.conversation.is_answering)
        for key, is_alone in (("f3", False), ("f3", True), ("ctrl+o", False)):
            await pilot.press(key)
            await until(pilot, partial(has_whole_width if is_alone else shares_its_width, chat))
            assert chat.transcript.is_following
            assert "The end." in shown(chat.transcript)
            assert chat.transcript.rows_missed == 0


async def test_keys_of_one_read_step_through_what_the_letters_before_them_found(tmp_path: Path) -> None:
    async with answered(tmp_path) as (chat, pilot):
        await pilot.press("ctrl+f")
        await until(pilot, lambda: chat.query(FindBar))
        await press(pilot, *"line 1", "up", "up", "enter")
        await until(pilot, lambda: count(chat) == "10 of 11")


async def test_the_text_is_entered_with_the_words_of_the_same_read_marked(tmp_path: Path) -> None:
    async with answered(tmp_path) as (chat, pilot):
        await pilot.press("ctrl+f")
        await until(pilot, lambda: chat.query(FindBar))
        await press(pilot, *"line 3:", "tab")
        await until(pilot, lambda: not chat.query(FindBar))
        await until(pilot, lambda: "▌  Line 3:" in shown(chat.transcript))
