"""The reader of what is written to a terminal tells every hostile sequence, and none of the program's own."""

import base64

import pytest

from tests.hostile import ALL, PAYLOADS, harm_in, harm_written

HARMLESS = {
    name for name in PAYLOADS if name.startswith(("markup that c", "markup that a", "markup that s", "template"))
}


@pytest.mark.parametrize("name", sorted(PAYLOADS.keys() - HARMLESS))
def test_each_payload_is_told_in_what_was_written(name: str) -> None:
    assert harm_written(f"\x1b[1;1Hbefore {PAYLOADS[name]} after".encode("utf-8", "surrogatepass"))
    assert harm_in(PAYLOADS[name])


def test_a_payload_after_a_thousand_frames_is_told() -> None:
    assert harm_written(b"\x1b[1;1H\x1b[1mwords\x1b[0m\r\n" * 1000 + ALL.encode("utf-8", "surrogatepass"))


def test_hostile_text_on_the_clipboard_is_told() -> None:
    assert harm_written(b"\x1b]52;c;" + base64.b64encode(b"\x1b[2J") + b"\x07")
    assert not harm_written(b"\x1b]52;c;" + base64.b64encode(b"a\n\tb") + b"\x07")


@pytest.mark.parametrize(
    "own",
    [
        "\x1b[?1049h\x1b[?1000h\x1b[?25l\x1b[>25u\x1b[?2026$p\x1b[>4;1m\x1b[=4;2u\x1b[?u",
        "\x1b[12;40H\x1b[1;38;2;5;6;8;48;5;8mwords\x1b[0m\n",
        "\x1b]8;id=1;https://example.org/a?b#c\x1b\\here\x1b]8;;\x1b\\",
        "\x1b[22;0t\x1b]2;a title\x07\x1b]22;pointer\x07",
        "[31m ␛ 漢 👩‍👩‍👧 e\u0301 العربية",
    ],
)
def test_what_the_program_writes_is_not_told(own: str) -> None:
    assert harm_written(own.encode()) == []
