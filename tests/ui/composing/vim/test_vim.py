"""Vim's keys, as vim answers them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.composing.vim.text import Text, pressed
from tui_chat.ui.composing.editable import Location
from tui_chat.ui.composing.vim.modes import Mode, Vim

ESC = "\x1b"


def after(text: str, keys: str) -> str:
    """The text after these keys; `|` stands before the caret's character, in what is given and in what comes out."""
    at = text.index("|")
    caret = text[:at].count("\n"), at - (text.rfind("\n", 0, at) + 1)
    buffer, _ = pressed(text.replace("|", "", 1), caret, keys)
    lines = buffer.text.split("\n")
    row, column = buffer.caret
    lines[row] = f"{lines[row][:column]}|{lines[row][column:]}"
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        ("one |two", "h", "one| two"),
        ("|one", "3l", "on|e"),
        ("one\n|two\nthree", "j", "one\ntwo\n|three"),
        ("one\ntw|o\nthree", "k", "on|e\ntwo\nthree"),
        ("a lo|ng\n\nlonger one", "jj", "a long\n\nlong|er one"),
        ("|one two.three", "w", "one |two.three"),
        ("|one two.three", "2w", "one two|.three"),
        ("|one two.three x", "WW", "one two.three |x"),
        ("|one\n\ntwo", "w", "one\n|\ntwo"),
        ("one two|.three", "b", "one |two.three"),
        ("one two.thr|ee", "B", "one |two.three"),
        ("|one two", "e", "on|e two"),
        ("on|e two", "e", "one tw|o"),
        ("one t|wo", "ge", "on|e two"),
        ("  one |two", "0", "|  one two"),
        ("  one |two", "^", "  |one two"),
        ("|one two", "$", "one tw|o"),
        ("one\ntwo\n|three", "gg", "|one\ntwo\nthree"),
        ("|one\ntwo\nthree", "G", "one\ntwo\n|three"),
        ("|one\ntwo\nthree", "2G", "one\n|two\nthree"),
        ("|one\ntwo\n\nthree", "}", "one\ntwo\n|\nthree"),
        ("one\n\ntwo\nth|ree", "{", "one\n|\ntwo\nthree"),
        ("|f(a, [b])", "%", "f(a, [b]|)"),
        ("|one, two, three", "f,", "one|, two, three"),
        ("|one, two, three", "2t,", "one, tw|o, three"),
        ("one, two, thre|e", "F,", "one, two|, three"),
        ("|a,b,c,d", "f,;;", "a,b,c|,d"),
        ("|a,b,c,d", "f,;,", "a|,b,c,d"),
        ("|a,b,c,d", "t,;", "a,|b,c,d"),
    ],
)  # fmt: skip
def test_motions(text: str, keys: str, expected: str) -> None:
    assert after(text, keys) == expected


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        ("one |two three", "dw", "one |three"),
        ("one |two\nthree", "dw", "one| \nthree"),
        ("|one two three four", "d2w", "|three four"),
        ("|one two three four", "2dw", "|three four"),
        ("|one two", "de", "| two"),
        ("one |two", "d$", "one| "),
        ("one t|wo", "D", "one |t"),
        ("one\n|two\nthree", "dd", "one\n|three"),
        ("one\n|two", "dd", "|one"),
        ("|one\ntwo\nthree", "2dd", "|three"),
        ("|one\ntwo\nthree", "dj", "|three"),
        ("one\ntwo\nth|ree", "dgg", "|"),
        ("|one two", f"cwnew{ESC}", "ne|w two"),
        ("|one two", f"ccnew{ESC}", "ne|w"),
        ("  one |two", f"ccnew{ESC}", "  ne|w"),
        ("on|e two", f"Cx{ESC}", "on|x"),
        ("|one", "x", "|ne"),
        ("on|e", "X", "o|e"),
        ("|one", f"sab{ESC}", "a|bne"),
        ("|one\ntwo", "yyp", "one\n|one\ntwo"),
        ("|one\ntwo", "yyjP", "one\n|one\ntwo"),
        ("|one two", "ywP", "one| one two"),
        ("|one two", "dwep", "twoone| "),
        ("|ab", "x3p", "baa|a"),
        ("|one", "~~", "ON|e"),
        ("|one two", "gUw", "|ONE two"),
        ("|ONE two", "guiw", "|one two"),
        ("|one", "g~~", "|ONE"),
        ("|one", "rx", "|xne"),
        ("|one", "2rx", "x|xe"),
        ("|one\n  two", "J", "one| two"),
        ("|one", ">>", "    |one"),
        ("     |one", "<<", " |one"),
        ("|one two three", "dwu", "|one two three"),
        ("|one two three", "dwu\x12", "|two three"),
        ("|one two three", "dw.", "|three"),
        ("|one two three", f"cwx{ESC}w.", "x |x three"),
        ("|one", f"Ax{ESC}.", "onex|x"),
        ("|a b c d", "xl2.", " |c d"),
        ("|one two", '"ayw"byy"aP', "one| one two"),
        ("|one two", "d3", "|one two"),
        ("|one two", "dq", "|one two"),
    ],
)  # fmt: skip
def test_operators(text: str, keys: str, expected: str) -> None:
    assert after(text, keys) == expected


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        ("one t|wo three", "diw", "one | three"),
        ("one t|wo three", "daw", "one |three"),
        ("one t|wo", "daw", "on|e"),
        ("a.b |c.d e", "diW", "a.b | e"),
        ('say "he|llo you" now', f'ci"hi{ESC}', 'say "h|i" now'),
        ('s|ay "hello" now', 'di"', 'say "|" now'),
        ('say "hel|lo" now', 'da"', "say |now"),
        ("f(a, (b|, c), d)", "di(", "f(a, (|), d)"),
        ("f(a, (b|, c), d)", "da(", "f(a, |, d)"),
        ("f(a|, (b, c), d)", "dib", "f(|)"),
        ("x = [1,\n |2,\n 3]", "di[", "x = [|]"),
        ("<b|ig>", "di<", "<|>"),
        ("one\nt|wo\n\nthree", "dip", "|\nthree"),
        ("one\nt|wo\n\nthree", "dap", "|three"),
        ("one| two", "di(", "one| two"),
    ],
)  # fmt: skip
def test_text_objects(text: str, keys: str, expected: str) -> None:
    assert after(text, keys) == expected


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        ("|one two", "vlld", "| two"),
        ("|one two three", "vwd", "|wo three"),
        ("one |two three", "viwd", "one | three"),
        ("one\n|two\nthree", "Vd", "one\n|three"),
        ("|one\ntwo\nthree", "Vjd", "|three"),
        ("|one two", "veU", "|ONE two"),
        ("on|e two", "vhoy", "o|ne two"),
        ("|one two", f"vecx{ESC}", "|x two"),
        ("|one two", "yiwwviwp", "one on|e"),
        ("|one two", "verx", "|xxx two"),
        ("|one\ntwo\nthree", "VjJ", "one| two\nthree"),
        ("|one\ntwo", "Vj>", "    |one\n    two"),
        ("|one two", f"v{ESC}x", "|ne two"),
        ("|one", "vvx", "|ne"),
        ("|abcdef", "vld.", "|ef"),
    ],
)  # fmt: skip
def test_visual_modes(text: str, keys: str, expected: str) -> None:
    assert after(text, keys) == expected


@pytest.mark.parametrize(
    ("text", "keys", "expected"),
    [
        ("o|ne", f"ix{ESC}", "o|xne"),
        ("o|ne", f"ax{ESC}", "on|xe"),
        ("  o|ne", f"Ix{ESC}", "  |xone"),
        ("o|ne", f"Ax{ESC}", "one|x"),
        ("  o|ne\ntwo", f"ox{ESC}", "  one\n  |x\ntwo"),
        ("  o|ne", f"Ox{ESC}", "  |x\n  one"),
        ("  |one", f"o{ESC}", "  one\n|"),
        ("|one", f"3ix{ESC}", "xx|xone"),
        ("|one", f"2ox{ESC}", "one\nx\n|x"),
    ],
)  # fmt: skip
def test_inserting(text: str, keys: str, expected: str) -> None:
    assert after(text, keys) == expected


def test_keys_of_the_program_are_left_to_it() -> None:
    vim = Vim(Text("one"))
    assert not vim.press("escape") or vim.mode is Mode.NORMAL
    assert not vim.press("escape")
    assert not vim.press("ctrl+l")
    assert not vim.press("enter")
    vim.press("i")
    assert not vim.press("x")


def test_what_was_typed_of_a_command_is_told_and_forgotten_with_escape() -> None:
    buffer, vim = pressed("one two", (0, 0), '"a2d3')
    assert vim.pending == '"a2d3'
    vim.press("escape")
    assert not vim.pending
    assert buffer.text == "one two"


def test_the_edges_are_told_to_whoever_can_go_further() -> None:
    assert pressed("one\ntwo", (0, 0), "kjj")[0].edges == [-1, 1]


def test_the_machines_clipboard_is_a_register() -> None:
    buffer, _ = pressed("one two", (0, 0), '"+yw')
    assert buffer.clipboard == "one "
    assert pressed("one", (0, 0), '"ayw"+p')[0].text == "one"


@pytest.mark.parametrize("key", [":", "/"])
def test_a_command_by_name_is_asked_for(key: str) -> None:
    assert pressed("one", (0, 0), key)[0].commands == 1


def test_no_count_fills_the_memory() -> None:
    buffer, _ = pressed("x" * 1_000, (0, 0), "yy9999999p")
    assert len(buffer.text) < 2_000_000


texts = st.text(st.sampled_from("ab .,()\"'{}\n\té漢"), max_size=40)


KEYS = f'hjklwbeWBE0^$gGftFT;,%{{}}dcyiaxXDCsSYpPrJ~.uvVoOIA<>U"123 \r\x12{ESC}'


@given(texts, st.text(st.sampled_from(KEYS), max_size=30))
def test_no_keys_break_it(text: str, keys: str) -> None:
    buffer, vim = pressed(text, (0, 0), keys + ESC + ESC)
    row, column = buffer.caret
    assert vim.mode is Mode.NORMAL
    assert 0 <= column <= max(0, len(buffer.line(row)) - 1)


@given(
    texts, st.integers(0, 5), st.sampled_from(["w", "b", "e", "ge", "W", "B", "E", "}", "{", "%", "f ", "$", "gg", "G"])
)
def test_what_is_deleted_comes_back(text: str, row: int, motion: str) -> None:
    lines = text.split("\n")
    caret: Location = (min(row, len(lines) - 1), 0)
    assert pressed(text, caret, f"d{motion}u")[0].text == text
