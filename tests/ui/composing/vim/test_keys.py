"""Vim's modes in a field, without a screen: which keys they take, and how they follow a selection of others."""

from tests.ui.composing.plain_text import PlainText
from tui_chat.ui.composing.vim.keys import VimKeys


class Field:
    """Remembers what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.clipboard = ""

    def go_past_edge(self, direction: int) -> None:
        self.asked.append(f"past {direction}")

    def ask_for_command(self) -> None:
        self.asked.append("command")

    def copy_to_clipboard(self, text: str) -> None:
        self.clipboard = text


def vim_in(text: PlainText, keys: str = "") -> tuple[VimKeys, Field]:
    """The modes after Esc and these keys."""
    field = Field()
    vim = VimKeys(text, field, field)
    vim.press("escape", None)
    press(vim, keys)
    return vim, field


def press(vim: VimKeys, keys: str) -> None:
    for key in keys:
        vim.press(key, key)


def test_inserting_leaves_every_key_but_escape_to_the_field() -> None:
    vim = VimKeys(PlainText(""), Field(), Field())
    assert [vim.press(key, None) for key in ("d", "up", "enter")] == [False, False, False]
    assert vim.title == "INSERT"
    assert vim.press("escape", "\x1b")
    assert vim.title == "NORMAL"


def test_the_title_tells_what_was_typed_of_a_command() -> None:
    vim, _ = vim_in(PlainText("one two"), "2d")
    assert vim.title == "NORMAL 2d"


def test_the_arrows_leave_the_text_at_its_edges() -> None:
    vim, field = vim_in(PlainText("one"))
    assert vim.press("up", None)
    assert vim.press("down", None)
    press(vim, ":")
    assert field.asked == ["past -1", "past 1", "command"]


def test_a_change_of_several_edits_is_undone_and_done_again_as_one() -> None:
    text = PlainText("one\ntwo\nthree")
    vim, _ = vim_in(text, "3J")
    assert text.text == "one two three"
    assert text.undo_depth > 1
    press(vim, "u")
    assert (text.text, text.undo_depth) == ("one\ntwo\nthree", 0)
    vim.press("ctrl+r", None)
    assert text.text == "one two three"


def test_a_line_that_was_opened_and_deleted_again_is_no_more_when_inserting_ends() -> None:
    text = PlainText("one")
    vim, _ = vim_in(text, "o")
    assert text.text == "one\n"
    text.overwrite("", (0, 3), (1, 0))
    assert vim.press("escape", None)
    assert (text.text, text.caret) == ("one", (0, 2))


def test_each_change_begins_with_a_checkpoint() -> None:
    text = PlainText("one two three")
    vim_in(text, "xdw")
    assert text.checkpoints == 2


def test_what_is_selected_is_shown_with_the_caret_on_its_side() -> None:
    text = PlainText("one two three", (0, 5))
    vim_in(text, "vh")
    assert text.selected == ((0, 5), (0, 3))


def test_what_others_select_is_visual_and_is_deleted_to_its_last_character() -> None:
    text = PlainText("one two three")
    vim, _ = vim_in(text)
    text.select((0, 4), (0, 7))
    assert vim.follow()
    assert vim.title == "VISUAL"
    assert not vim.follow()
    press(vim, "d")
    assert text.text == "one  three"


def test_a_selection_that_others_take_away_ends_the_visual_mode() -> None:
    text = PlainText("one two three")
    vim, _ = vim_in(text, "ve")
    text.select((0, 8), (0, 8))
    assert vim.follow()
    assert vim.title == "NORMAL"
    press(vim, "x")
    assert text.text == "one two hree"


def test_the_caret_is_where_the_fields_own_keys_have_left_it() -> None:
    text = PlainText("one two", (0, 4))
    vim, _ = vim_in(text)
    shown = text.caret
    text.overwrite("\n", (0, 7), (0, 7))
    assert not vim.press("alt+backspace", None)
    text.overwrite("", (0, 7), (1, 0))
    text.select(shown, shown)
    press(vim, "x")
    assert text.text == "onetwo"


def test_the_plus_register_is_the_clipboard() -> None:
    text = PlainText("one two")
    vim, field = vim_in(text, '"+yw')
    assert field.clipboard == "one "
    field.clipboard = "three "
    press(vim, '"+P')
    assert text.text == "three one two"
