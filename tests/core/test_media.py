"""What is known of pictures, sound and files without opening them."""

import base64

import pytest

from tui_chat.core.media import (
    address_of,
    bytes_of,
    data_url,
    facts_of,
    joined,
    media_type_of,
    size_of,
    source_words,
    title_of,
)
from tui_chat.core.parts import Beside, Foreign, Image, Media, Source

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(62)).decode()


@pytest.mark.parametrize(
    ("part", "title", "media_type", "size"),
    [
        (Image(f"data:image/png;base64,{PNG}"), "Picture", "image/png", 70),
        (Image("https://host/a.png", "a lighthouse"), "Picture", None, None),
        (Image("data:,abc"), "Picture", None, 3),
        (Media("audio", "data:audio/wav;base64,AAAA"), "Sound", "audio/wav", 3),
        (Media("video", "https://host/v", media_type="video/mp4"), "Film", "video/mp4", None),
        (Media("file", "", "report.pdf"), "File", None, None),
        (Media("file", "data:application/octet-stream;base64,AA=="), "File", None, 1),
        (Foreign("hologram", '{"x":1}'), "Part of the type hologram", None, 7),
        (Foreign("\x1b[2J", "{}"), "Part of the type ␛[2J", None, 2),
    ],
)
def test_a_part_is_named_with_its_type_and_size(
    part: Beside, title: str, media_type: str | None, size: int | None
) -> None:
    assert (title_of(part), media_type_of(part), size_of(part)) == (title, media_type, size)


def test_facts_hold_no_sequence_that_a_terminal_obeys() -> None:
    facts = facts_of(Media("file", "https://host/\x1b]0;x\x07", "a\x1b[2J", "x/\x9b"))

    assert not any(char < " " or "\x7f" <= char <= "\x9f" for fact in facts for char in fact)


def test_an_address_is_told_and_bytes_are_not() -> None:
    assert address_of(Image("https://host/a.png")) == "https://host/a.png"
    assert address_of(Image(f"data:image/png;base64,{PNG}")) == ""


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (b"<svg>", "application/octet-stream"),
    ],
)
def test_a_type_that_nobody_names_is_told_by_the_bytes(head: bytes, media_type: str) -> None:
    assert data_url(base64.b64encode(head).decode()).startswith(f"data:{media_type};base64,")


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 5, 8])
def test_base64_in_pieces_is_whole_again_however_it_was_cut(cut: int) -> None:
    data = bytes(range(40))
    text = base64.b64encode(data).decode()
    torn = [text[at : at + cut] for at in range(0, len(text), cut)]
    padded = [base64.b64encode(data[at : at + cut]).decode() for at in range(0, len(data), cut)]

    assert base64.b64decode(joined(padded)) == data
    if "=" not in "".join(torn[:-1]):
        assert base64.b64decode(joined(torn)) == data


def test_what_is_no_base64_is_kept_as_it_came() -> None:
    assert joined(["a=", "!", ""]) == "a=!"


def test_a_source_is_said_in_one_line() -> None:
    assert source_words(Source("https://a", "Tides\n", 1)) == "[1] Tides · https://a"
    assert source_words(Source("https://a")) == "https://a"
    assert source_words(Source("", "a.pdf", 2)) == "[2] a.pdf"


@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("data:image/png;base64,AAEC", b"\0\1\2"),
        ("data:image/png;base64,-_8", b"\xfb\xff"),
        ("data:image/png;base64,AAEC%3D%3D", b"\0\1\2"),
        ("data:image/svg+xml,%3Csvg/%3E", b"<svg/>"),
        ("data:image/png;base64,A", None),
        ("https://host/a.png", None),
        ("data:", None),
    ],
)
def test_the_bytes_of_a_part_are_those_of_its_data_url(url: str, data: bytes | None) -> None:
    assert bytes_of(Image(url)) == data
