"""Text from bytes of an encoding that nobody names."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.decoding import decode_if_text, decode_text

WORDS = "Grüß Gott, 漢字 🌊"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_the_mark_tells_the_encoding_and_is_gone(encoding: str) -> None:
    assert decode_text(WORDS.encode(encoding)) == WORDS


@pytest.mark.parametrize(("mark", "encoding"), [(codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF32_BE, "utf-32-be")])
def test_the_other_order_of_bytes_is_read_too(mark: bytes, encoding: str) -> None:
    assert decode_text(mark + WORDS.encode(encoding)) == WORDS


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_zeros(encoding: str) -> None:
    assert decode_text("Grüß Gott\r\n".encode(encoding)) == "Grüß Gott\r\n"


@pytest.mark.parametrize("raw", [b"", b"\x00", b"a\x00", b"\xff", b"a\xff\xfeb"])
def test_a_few_odd_bytes_make_it_fail_nowhere(raw: bytes) -> None:
    decode_text(raw)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("length", range(20))
def test_the_beginning_of_a_text_is_text_wherever_it_is_cut(encoding: str, length: int) -> None:
    assert decode_if_text(WORDS.encode(encoding)[: 4 + length], is_cut=True) is not None


@pytest.mark.parametrize(
    "raw", [b"\x89PNG\r\n\x1a\n\x00", b"a\xffb", b"\x01\x00\x02\x00\x03\x00", codecs.BOM_UTF16_LE + b"\x00\xd8a\x00"]
)
def test_bytes_that_are_no_text_are_none(raw: bytes) -> None:
    assert decode_if_text(raw) is None


@given(st.text())
def test_utf_8_is_itself(text: str) -> None:
    assert decode_text(text.encode("utf-8", "surrogatepass")) == text or "\x00" in text or text.startswith("\ufeff")
