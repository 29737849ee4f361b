"""Long pastes: one marker in the composer, all of it on sending, never half of it anywhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from tests.ui.composing.test_composer import Alone, composer_of
from tests.ui.support import chat_app, press, running
from tui_chat.ui.composing.chips import EDITED_IN_PLACE, drawn
from tui_chat.ui.composing.composer import Composer
from tui_chat.ui.composing.pasting import SLICE, as_typed, paste_as_typed
from tui_chat.ui.dialogs.paste_view import PasteView
from tui_chat.workspace.pieces import Draft, is_long

LONG = "\n".join(f"line {number}" for number in range(1, 1205))


def shown(composer: Composer) -> str:
    return drawn(composer.document.text)


async def paste(pilot: Pilot[None], text: str) -> None:
    composer_of(pilot).post_message(events.Paste(text))
    await pilot.pause()


@asynccontextmanager
async def with_chip(*, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Alone, Pilot[None], Composer]]:
    """A composer that holds `see `, a chip, and ` please`."""
    app = Alone()
    async with app.run_test(size=size) as pilot:
        await press(pilot, *"see", "space")
        await paste(pilot, LONG)
        await press(pilot, "space", *"please")
        yield app, pilot, composer_of(pilot)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x" * 8192, False),
        ("x" * 8193, True),
        ("漢" * 2731, True),
        ("\n".join("x" * 100), False),
        ("x\n" * 100, False),
        ("x\n" * 101, True),
    ],
)
def test_a_paste_is_long_beyond_8_kb_or_100_lines(text: str, expected: bool) -> None:
    assert is_long(text) is expected


async def test_a_long_paste_is_a_chip_and_is_sent_whole() -> None:
    async with with_chip() as (app, pilot, composer):
        assert shown(composer) == "see [Pasted 1,204 lines · 11 KB #1] please"
        await press(pilot, "enter")
        assert app.sent == [f"see {LONG} please"]


async def test_what_merely_looks_like_a_chip_is_sent_as_it_stands() -> None:
    async with with_chip() as (app, pilot, composer):
        marker = shown(composer)
        composer.put("")
        await paste(pilot, marker)
        await press(pilot, "enter")
        assert app.sent == [marker]


@pytest.mark.parametrize("key", ["backspace", "alt+backspace", "ctrl+w", "left"])
async def test_a_chip_is_passed_and_deleted_whole(key: str) -> None:
    async with with_chip() as (_, pilot, composer):
        await press(pilot, *["left"] * 7, key)
        if key == "left":
            assert composer.cursor_location == (0, 4)
        else:
            assert shown(composer) in ("see  please", "see  please".replace("  ", " "))
            assert "Pasted" not in shown(composer)


async def test_typing_goes_beside_a_chip_and_never_into_it() -> None:
    async with with_chip() as (_, pilot, composer):
        composer.move_cursor((0, 12))
        await press(pilot, "x")
        assert LONG in composer.text


async def test_undo_brings_a_chip_back_with_its_contents() -> None:
    async with with_chip() as (_, pilot, composer):
        whole = composer.text
        await press(pilot, *["left"] * 7, "backspace", "ctrl+z")
        assert composer.text == whole
        assert "Pasted" in shown(composer)


async def test_copying_and_cutting_take_the_contents() -> None:
    async with with_chip() as (app, pilot, composer):
        composer.select_all()
        assert composer.selected_text == f"see {LONG} please"
        await press(pilot, "ctrl+x")
        assert app.clipboard == f"see {LONG} please"
        assert composer.text == ""
        await press(pilot, "ctrl+y")
        assert composer.text == f"see {LONG} please"
        assert shown(composer) == "see [Pasted 1,204 lines · 11 KB #1] please"


async def test_a_prompt_that_comes_back_has_its_chip_again() -> None:
    async with with_chip() as (app, pilot, composer):
        marked = shown(composer)
        await press(pilot, "enter")
        composer.prompts.add(app.sent[0])
        await press(pilot, "up")
        assert (shown(composer), composer.text) == (marked, app.sent[0])
        composer.put("later")
        composer.give_back(app.sent[0])
        assert shown(composer) == f"{marked}\n\nlater"


async def test_opening_a_chip_puts_its_text_in_its_place() -> None:
    async with with_chip() as (_, pilot, composer):
        whole = composer.text
        await press(pilot, "f4")
        assert composer.document.line_count == 1204
        assert composer.text == whole
        await press(pilot, "ctrl+z")
        assert composer.document.line_count == 1


async def test_who_was_behind_a_chip_goes_on_behind_its_text() -> None:
    async with with_chip() as (_, pilot, composer):
        whole = composer.text
        await press(pilot, "f4", "!")
        assert composer.text == f"{whole}!"


async def test_a_click_opens_a_chip() -> None:
    async with with_chip() as (_, pilot, composer):
        await pilot.click(composer, offset=(10, 1))
        assert composer.document.line_count == 1204


async def test_a_chip_that_nobody_would_edit_is_opened_elsewhere() -> None:
    app = Alone()
    async with app.run_test() as pilot:
        text = "words and words\n" * (EDITED_IN_PLACE // 8)
        await paste(pilot, text)
        await press(pilot, "f4")
        assert app.opened == [text]
        assert shown(composer_of(pilot)).startswith("[Pasted 131,072 lines · 2.0 MB")


async def test_the_screen_shows_apart_what_nobody_would_edit(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.insert_text("words and words\n" * (EDITED_IN_PLACE // 8))
        await press(pilot, "f4")
        assert isinstance(chat.app.screen, PasteView)
        await press(pilot, "escape")
        assert chat.is_current
        assert shown(chat.composer).startswith("[Pasted 131,072 lines · 2.0 MB")


async def test_a_draft_is_put_back_with_its_chips() -> None:
    async with with_chip() as (_, _, composer):
        draft = composer.draft
        assert draft == Draft(("see ", LONG, " please"))
        assert draft.text == composer.text
        composer.put("")
        composer.put_draft(draft)
        assert composer.text == draft.text
        assert "Pasted 1,204 lines" in shown(composer)


async def test_a_chip_wraps_and_works_on_a_narrow_screen() -> None:
    async with with_chip(size=(40, 10)) as (_, pilot, composer):
        await press(pilot, "up")
        assert composer.cursor_location[1] in (4, len(composer.document.text) - 7)
        await press(pilot, "x")
        assert LONG in composer.text


async def test_a_paste_of_megabytes_is_cleaned_in_slices_that_let_others_run() -> None:
    text = ("a\x1b\x00\r\n漢\u2028" * (3 * SLICE))[: 3 * SLICE + 7]
    cleaned = await paste_as_typed(text)
    assert cleaned == as_typed(text)
    assert not set(cleaned) - set("a\n漢\u2028")


async def test_a_huge_paste_is_one_undo_and_the_exact_text() -> None:
    app = Alone()
    text = "five megabytes, with \x1b[31mescapes\x00\r\n" * 150_000
    async with app.run_test() as pilot:
        await press(pilot, "x")
        await paste(pilot, text)
        assert composer_of(pilot).text == f"x{as_typed(text)}"
        await press(pilot, "ctrl+z")
        assert composer_of(pilot).text == "x"


async def test_a_long_prompt_of_an_earlier_run_is_recalled_as_a_chip() -> None:
    async with Alone().run_test() as pilot:
        composer = composer_of(pilot)
        composer.prompts.begin_with(["short", f"see {LONG}"])
        await press(pilot, "up")
        assert shown(composer) == "[Pasted 1,204 lines · 11 KB #1]"
        assert composer.text == f"see {LONG}"
        await press(pilot, "up", "down", "f4")
        composer.move_cursor((0, 0))
        await press(pilot, "!", "up", "down")
        assert composer.text == f"!see {LONG}"


async def test_what_is_too_much_to_edit_comes_back_as_a_chip() -> None:
    async with Alone().run_test() as pilot:
        composer = composer_of(pilot)
        composer.put("short")
        composer.give_back("x" * (EDITED_IN_PLACE + 1))
        assert shown(composer).startswith("[Pasted ")
        assert composer.text == "x" * (EDITED_IN_PLACE + 1) + "\n\nshort"
