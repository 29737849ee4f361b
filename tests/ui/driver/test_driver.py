"""What the driver makes of what it read, without a terminal: Textual's messages, and no fault that ends it."""

from codecs import getincrementaldecoder

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from tests.terminal.test_input import FRAGMENTS
from tests.ui.composing.test_composer import Alone, composer_of
from tui_chat.terminal.input import InputSplitter, Typed
from tui_chat.ui.driver.driver import read_piece

FAMILY = "👨\u200d👩\u200d👧"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


def read(data: bytes) -> list[Message]:
    """The messages that these bytes become."""
    splitter, parser = InputSplitter(), XTermParser()
    pieces = splitter.feed(getincrementaldecoder("utf-8")("replace").decode(data), 0.0) + splitter.finish()
    return [message for piece in pieces for message in read_piece(parser, piece)]


def pressed(text: str) -> list[str]:
    """The keys' names, `paste` for a paste."""
    return [message.key if isinstance(message, events.Key) else "paste" for message in read(text.encode())]


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("enter", ("\r", "\x1b[13u", "\x1bOM", "\x1b[13;1:1u", "\x1b[57414u")),
        ("shift+enter", ("\x1b[13;2u", "\x1b[27;2;13~", "\x1b[13;2:1u", "\x1b[13;66u")),
        ("alt+enter", ("\x1b\r", "\x1b\n", "\x1b[13;3u", "\x1b[27;3;13~")),
        ("ctrl+enter", ("\x1b[13;5u", "\x1b[27;5;13~")),
        ("ctrl+j", ("\n", "\x1b[106;5u", "\x1b[27;5;106~")),
        ("escape", ("\x1b", "\x1b[27u", "\x1b[27;1:1u", "\x1b[27;1;27~")),
        ("ctrl+c", ("\x03", "\x1b[99;5u", "\x1b[27;5;99~", "\x1b[1089::99;5u")),
        ("up", ("\x1b[A", "\x1bOA", "\x1b[1;1:2A")),
        ("ctrl+home", ("\x1b[1;5H", "\x1b[1;5:1H")),
        ("f1", ("\x1bOP", "\x1b[11~", "\x1b[[A", "\x1b[P")),
        ("f3", ("\x1bOR", "\x1b[13~")),
        ("shift+f3", ("\x1b[1;2R", "\x1b[13;2~")),
        ("backspace", ("\x7f", "\x1b[127u")),
        ("shift+backspace", ("\x1b[127;2u", "\x1b[27;2;127~")),
        ("shift+tab", ("\x1b[Z", "\x1b[9;2u", "\x1b[27;2;9~")),
        ("a", ("a", "\x1b[97u", "\x1b[97;;97u")),
        ("A", ("A", "\x1b[97;2u", "\x1b[97;2;65u", "\x1b[27;2;65~")),
        ("space", (" ", "\x1b[32u", "\x1b[32;;32u")),
        ("alt+x", ("\x1bx", "\x1b[120;3u", "\x1b[27;3;120~")),
    ],
)
def test_a_key_has_one_name_whatever_told_it(name: str, forms: tuple[str, ...]) -> None:
    assert {form: pressed(form) for form in forms} == {form: [name] for form in forms}


@pytest.mark.parametrize("written", [FAMILY, ENGLAND, "❤️", "🇩🇪", "می‌خواهم", "e\u0301", "👍🏽"])
@pytest.mark.parametrize("form", ["{}", "\x1b[200~{}\x1b[201~", "kitty"])
async def test_what_belongs_together_is_typed_whole(written: str, form: str) -> None:
    said = f"\x1b[0;;{':'.join(str(ord(each)) for each in written)}u" if form == "kitty" else form.format(written)
    async with Alone().run_test() as pilot:
        for message in read(said.encode()):
            pilot.app.post_message(message)
        await pilot.pause()
        assert composer_of(pilot).text == written


def test_a_byte_that_is_no_text_becomes_a_replacement_sign() -> None:
    characters = [message.character for message in read(b"a\xffb\xc3") if isinstance(message, events.Key)]

    assert characters == ["a", "\ufffd", "b"]


def test_a_paste_presses_nothing() -> None:
    assert pressed("a\x1b[200~x\x1b\r\x11\x1b[Ay\x1b[201~b") == ["a", "paste", "b"]


def test_a_flood_of_characters_is_one_message() -> None:
    assert len(read(b"x" * 100_000)) == 1


@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=3)), max_size=20).map("".join))
def test_the_parser_is_never_left_in_the_middle(text: str) -> None:
    splitter, parser = InputSplitter(), XTermParser()
    for piece in splitter.feed(text, 0.0) + splitter.finish():
        list(read_piece(parser, piece))
        (after,) = read_piece(parser, Typed("z"))
        assert isinstance(after, events.Key)
        assert after.key == "z"
