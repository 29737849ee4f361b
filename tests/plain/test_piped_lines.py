"""Lines from a pipe, in the encodings that shells write."""

import codecs
import io
import sys

import pytest

from tui_chat.plain.lines import PipedLines
from tui_chat.plain.signals import Signals
from tui_chat.plain.speech import Speech

SAID = ["Grüß Gott", "", "ਊ 漢字 ਅ 🌊", "/quit"]
TEXT = "\r\n".join(SAID)
ENCODED = {
    "UTF-8": TEXT.encode(),
    "UTF-8 with a mark": TEXT.encode("utf-8-sig"),
    "UTF-16, little end first": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "UTF-16, big end first": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-16 without a mark, big end first": TEXT.encode("utf-16-be"),
    "UTF-32": codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
}


def read_all(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    lines = PipedLines(Speech(io.StringIO()), Signals())
    read: list[str] = []
    while True:
        try:
            read.append(lines.read("You: "))
        except EOFError:
            return read


@pytest.mark.parametrize("raw", ENCODED.values(), ids=list(ENCODED))
def test_lines_are_read_in_whatever_encoding_they_are_piped(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_all(raw, monkeypatch) == SAID


def test_a_line_that_never_ends_is_read_as_far_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = codecs.BOM_UTF16_LE + "a\nb".encode("utf-16-le")
    assert read_all(raw[:-1], monkeypatch)[0] == "a"
    assert read_all(b"a\xff\nb", monkeypatch) == ["a�", "b"]
