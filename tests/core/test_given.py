"""What is given along with a prompt: what a model must take for it, and how much it roughly is."""

import base64

import pytest

from tui_chat.core.given import abilities_for, ability_for, file_name, rough_tokens, tokens_given, type_given
from tui_chat.core.models import Ability
from tui_chat.core.parts import File, Image, Media, Part, Text
from tui_chat.core.request_size import RequestSize, size_of_parts


def given(kind: str, data: bytes, media_type: str = "", named: str = "") -> Media:
    encoded = base64.b64encode(data).decode()
    return Media(kind, f"data:{named or media_type};base64,{encoded}", "x", media_type)


PDF = given("file", b"%PDF-1.4", "application/pdf")


@pytest.mark.parametrize(
    ("part", "ability"),
    [
        (Text("words"), None),
        (File("a.md", "words"), None),
        (Image("https://host/a.png"), Ability.PICTURES),
        (PDF, Ability.PDF),
        (given("file", b"%PDF-1.4", "application/octet-stream"), Ability.PDF),
        (given("file", b"%PDF-1.4"), Ability.PDF),
        (given("audio", b"....", "audio/x-wav"), Ability.SOUND),
        (given("audio", b"....", "", "audio/mp3"), Ability.SOUND),
        (given("audio", b"OggS", "audio/ogg"), None),
        (given("video", b"....", "video/mp4"), None),
        (Media("file", "https://host/a.pdf", "a.pdf", "application/pdf"), None),
        (Media("file", "data:application/pdf,%25PDF", "a.pdf", "application/pdf"), None),
        (Media("file", "", "a.pdf"), None),
    ],
)
def test_each_type_needs_one_ability_and_what_has_no_form_none(part: Part, ability: Ability | None) -> None:
    assert ability_for(part) is ability
    assert abilities_for((part, Text("and words"))) == ({ability} if ability else frozenset())


def test_what_is_no_base64_needs_what_it_is_called() -> None:
    assert type_given(Media("file", "data:;base64,\x00\x00\x00", "a")) == ""
    assert type_given(Media("file", "data:application/pdf;base64,\x00", "a", "application/pdf")) == "application/pdf"


def test_a_pdf_for_the_web_tells_its_pages_and_of_others_the_size_is_taken() -> None:
    told = b"%PDF-1.7\n1 0 obj\n<</Linearized 1/L 91000/H[ 900 200]/O 9/E 80000/N 12/T 90000>>"
    assert rough_tokens("application/pdf", 91_000, told) == 12 * 1_500
    assert rough_tokens("application/pdf", 250_000, b"%PDF-1.7") == 3 * 1_500
    assert rough_tokens("application/pdf", 10, b"/Linearized 1/N 0>>") == 1_500


def test_sound_takes_as_much_as_it_lasts() -> None:
    head = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" + bytes(8) + (32_000).to_bytes(4, "little")
    assert rough_tokens("audio/wav", 320_000, head) == 1 + 10 * 32
    assert rough_tokens("audio/wav", 1_764_000, b"RIFF\0\0\0\0WAVE") == 1 + 10 * 32
    assert rough_tokens("audio/wav", 1_764_000, head[:-4] + bytes(4)) == 1 + 10 * 32
    assert rough_tokens("audio/mpeg", 160_000, b"ID3") == 1 + 10 * 32


def test_a_picture_and_a_film_have_no_count_and_make_a_size_a_lower_bound() -> None:
    assert rough_tokens("image/png", 10, b"") is None
    assert tokens_given(given("video", b"....", "video/mp4")) is None
    assert size_of_parts((PDF,)) == RequestSize(1_500)
    assert not size_of_parts((PDF, Image("https://host/a.png"))).is_whole


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("~/papers/a b.pdf", "a b.pdf"),
        ("C:\\Users\\me\\a.pdf", "a.pdf"),
        ("../../", ""),
        ("a\x1b[2J.pdf", "a␛[2J.pdf"),
        ("x" * 300, "x" * 99 + "…"),
    ],
)
def test_a_name_has_no_folders_and_nothing_that_a_terminal_obeys(name: str, told: str) -> None:
    assert file_name(name) == told
