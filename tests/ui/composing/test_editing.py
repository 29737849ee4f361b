"""Readline's keys, undo by the word, and what a key costs in a long text."""

import pytest
from rich.cells import cell_len

from tests.ui.composing.test_composer import Alone, composer_of
from tests.ui.support import press
from tests.work import counted
from tui_chat.ui.composing import clusters
from tui_chat.ui.composing.document import Lines
from tui_chat.ui.composing.keys import EDITING, NEWLINE, SEND, with_enter

FAMILY = "👨‍👩‍👧"


READLINE = [
    (["ctrl+a", "!"], "!one two-three four"),
    (["ctrl+a", "ctrl+e", "!"], "one two-three four!"),
    (["ctrl+b", "!"], "one two-three fou!r"),
    (["alt+b", "alt+b", "!"], "one two-!three four"),
    (["alt+left", "ctrl+left", "alt+f", "!"], "one two-three! four"),
    (["alt+backspace", "alt+backspace"], "one two-"),
    (["ctrl+w", "ctrl+w"], "one "),
    (["ctrl+a", "alt+d"], " two-three four"),
    (["alt+b", "ctrl+u"], "four"),
    (["alt+b", "ctrl+k"], "one two-three "),
    (["ctrl+w", "ctrl+a", "ctrl+y"], "fourone two-three "),
    (["ctrl+w", "ctrl+w", "ctrl+y"], "one two-three four"),
    (["ctrl+w", "ctrl+a", "alt+d", "ctrl+y", "alt+y"], "four two-three "),
    (["ctrl+u", "ctrl+underscore"], "one two-three four"),
    (["ctrl+u", "ctrl+z", "alt+z"], ""),
]


async def test_the_keys_of_readline() -> None:
    async with Alone().run_test() as pilot:
        composer = composer_of(pilot)
        for keys, expected in READLINE:
            composer.put("one two-three four")
            await press(pilot, *keys)
            assert composer.text == expected, keys


async def test_every_editing_key_does_something() -> None:
    async with Alone().run_test() as pilot:
        for command in EDITING:
            composer_of(pilot).action_edit(command.id)


async def test_the_line_keys_go_by_lines_and_not_by_rows() -> None:
    async with Alone().run_test(size=(40, 20)) as pilot:
        composer = composer_of(pilot)
        composer.put("words " * 30)
        await press(pilot, "ctrl+a")
        assert composer.cursor_location == (0, 0)
        await press(pilot, "ctrl+k")
        assert composer.text == ""


async def test_undo_goes_by_words() -> None:
    async with Alone().run_test() as pilot:
        await press(pilot, *"one", "space", *"two")
        await press(pilot, "ctrl+z")
        assert composer_of(pilot).text == "one "


async def test_an_emoji_of_several_characters_is_one_step_and_one_backspace() -> None:
    async with Alone().run_test() as pilot:
        composer = composer_of(pilot)
        composer.put(f"a{FAMILY}🇩🇪e\u0301")
        await press(pilot, "left", "left", "left")
        assert composer.cursor_location == (0, 1)
        await press(pilot, "right", "backspace")
        assert composer.text == "a🇩🇪e\u0301"


async def test_a_line_separator_in_a_paste_stays_what_it_is() -> None:
    async with Alone().run_test() as pilot:
        composer = composer_of(pilot)
        composer.insert_text("a\u2028bc\u2029")
        assert composer.text == "a\u2028bc\u2029"
        composer.replace("x", (0, 1), (0, 1))
        assert composer.text == "ax\u2028bc\u2029"


def test_enter_and_the_newline_keys_change_places() -> None:
    keys = with_enter({}, sends=False)
    assert keys == {SEND.id: ("shift+enter", "alt+enter", "ctrl+j"), NEWLINE.id: ("enter",)}
    assert with_enter({SEND.id: ("f9",)}, sends=False)[SEND.id] == ("f9",)
    assert with_enter({}, sends=True) == {}


async def test_enter_begins_a_line_and_alt_enter_sends_where_that_is_set() -> None:
    from tui_chat.ui.composing.keys import KEYS
    from tui_chat.ui.keys.command import keymap

    app = Alone()
    own_keys = with_enter({}, sends=False)
    app.set_keymap(keymap(KEYS, own_keys))
    async with app.run_test() as pilot:
        composer_of(pilot).use_keys(own_keys)
        await press(pilot, "a", "enter", "b")
        assert composer_of(pilot).text == "a\nb"
        await press(pilot, "alt+enter", "c", "shift+\r")
        assert app.sent == ["a\nb", "c"]


@pytest.mark.parametrize("text", ["words and words\n" * 65_000, "words and words " * 65_000, "漢字" * 100_000])
async def test_a_key_in_a_megabyte_looks_at_no_more_than_its_surroundings(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = 0

    def looking(measured: str) -> int:
        nonlocal looked_at
        looked_at += len(measured)
        return cell_len(measured)

    async with Alone().run_test() as pilot:
        composer = composer_of(pilot)
        composer.put(text)
        composer.move_cursor((composer.document.line_count // 2, 5))
        await pilot.pause()
        monkeypatch.setattr(clusters, "cell_len", looking)
        with counted() as work:
            await press(pilot, "x", "left", "up", "down", "backspace", "ctrl+z")
        assert looked_at < 50_000
        assert work.calls < 300_000  # to break every row anew takes more than a million


def test_reading_the_text_twice_puts_it_together_once() -> None:
    lines = Lines("one\ntwo")
    lines.replace_range((0, 3), (0, 3), "!")
    assert lines.text is lines.text


async def test_what_turns_or_hides_text_is_a_mark_here_too_and_is_sent_as_it_came() -> None:
    england = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
    pasted = f"a\u202eb\u2066c\u2028d{england}e\U000e0041"
    app = Alone()
    async with app.run_test() as pilot:
        composer = composer_of(pilot)
        composer.insert_text(pasted)
        await pilot.pause()
        assert composer.render_line(0).text.rstrip() == f"a�b�c␤d{england}e�"
        assert composer.cursor_screen_offset.x == composer.content_region.x + cell_len("a�b�c␤de�") + 2
        await press(pilot, "home", "right", "right", "delete", "enter")
        assert app.sent == [pasted.replace("b", "")]
