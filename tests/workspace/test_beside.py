"""What can be opened of an answer, what is only saved, and under which names."""

import base64
from pathlib import Path

import pytest

from tests.workspace.conversing import said, saying, talking
from tui_chat.core.parts import Beside, Foreign, Image, Media, Source
from tui_chat.core.stream_events import PartReceived, SourceFound
from tui_chat.workspace.beside import Address, Viewable, file_name, openable, to_export, to_open, to_save
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.refusal import CommandRefused

PNG = b"\x89PNG\r\n\x1a\nmore"


def of(data: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


PICTURE = Image(of(PNG), "../../a sea.exe")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (PNG, "picture.png"), (b"\xff\xd8\xffx", "picture.jpg"), (b"GIF89a", "picture.gif"),
        (b"RIFF....WEBPVP8", "picture.webp"), (b"%PDF-1.7", "picture.pdf"), (b"ID3\4", "picture.mp3"),
        (b"RIFF....WAVE", "picture.wav"), (b"OggS", "picture.ogg"),
    ],
)  # fmt: skip
def test_what_its_bytes_show_is_opened_by_an_ending_of_ours(data: bytes, name: str) -> None:
    assert to_open(Image(of(data, "text/html"), "x.html")) == Viewable(data, name)


@pytest.mark.parametrize(
    "part",
    [
        Image(of(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png"), "a.png"),
        Image("data:image/svg+xml,%3Csvg/%3E"),
        Media("file", of(b"<html><script>", "application/pdf"), "a.pdf", "application/pdf"),
        Media("file", of(b"#!/bin/sh", "application/x-sh"), "a.png"),
        Media("file", "", "file-123"),
        Foreign("hologram", "{}"),
        Image("data:image/png;base64,A"),
        Image("file:///etc/passwd"),
        Image("ftp://host/a.png"),
        Source("", "a.pdf"),
        Source("javascript:alert(1)"),
        Source("mailto:a@b?attach=/etc/passwd"),
        Source("https://"),
        Source("https://host/\u202egnp.exe"),
        Source("https://host/" + "a" * 3_000),
        None,
    ],
)
def test_everything_else_is_not_opened(part: Beside | Source | None) -> None:
    with pytest.raises(CommandRefused):
        to_open(part)


def test_an_address_of_the_web_is_opened_whole() -> None:
    url = "https://good.org@host/a?b#c"
    assert to_open(Source(url)) == to_open(Image(url)) == Address(url, "host")


@pytest.mark.parametrize(
    ("part", "name"),
    [
        (PICTURE, "a-sea.png"),
        (Image(of(b"<svg/>", "image/svg+xml"), "plot.png"), "plot.svg"),
        (Media("file", of(b"PK", ""), "C:\\tmp\\Letter 2.docx"), "Letter-2.docx"),
        (Media("audio", of(b"xx", "audio/pcm"), "", "audio/pcm"), "sound.pcm"),
        (Media("file", of(b"xx", ""), ".bashrc"), "bashrc.bin"),
        (Media("file", of(b"xx", ""), "a.\u202etxt"), "a.bin"),
        (Foreign("hologram", "{}"), "part.json"),
        (Image(of(PNG), "漢字.png"), "漢字.png"),
    ],
)
def test_the_name_of_a_file_is_harmless_and_its_ending_that_of_its_bytes(part: Beside, name: str) -> None:
    assert file_name(part) == name


def test_what_came_as_an_address_is_not_saved() -> None:
    with pytest.raises(CommandRefused, match="Only its address came: https://host/a"):
        to_save(Image("https://host/a"))
    with pytest.raises(CommandRefused):
        to_save(Source("https://host/a"))


async def drawn(*parts: Beside) -> OpenConversation:
    conversation = talking(saying("So.", *map(PartReceived, parts)), saying("Words alone."))
    await said(conversation, "draw")
    await said(conversation, "and now?")
    return conversation


async def test_the_parts_of_the_last_answer_with_any_go_into_a_folder_each_under_its_own_name(tmp_path: Path) -> None:
    out = tmp_path / "out"
    conversation = await drawn(PICTURE, Image("https://host/a"), Image(of(PNG + b"2"), "a sea"))
    assert to_export(conversation, str(out)) == [(out / "a-sea.png", PNG), (out / "a-sea-2.png", PNG + b"2")]
    (tmp_path / "file").touch()
    with pytest.raises(CommandRefused, match="is no folder"):
        to_export(conversation, str(tmp_path / "file"))
    assert to_export(conversation, "3 b.png") == [(Path("b.png"), PNG + b"2")]
    assert to_export(conversation, "1 out/") == [(Path("out/a-sea.png"), PNG)]


@pytest.mark.parametrize("arguments", ["4", "0", "2"])
async def test_a_number_that_has_nothing_to_save_is_refused(arguments: str) -> None:
    conversation = await drawn(PICTURE, Image("https://host/a"), PICTURE)
    with pytest.raises(CommandRefused):
        to_export(conversation, arguments)


async def test_without_parts_there_is_nothing_to_save_or_open() -> None:
    conversation = await drawn()
    assert openable(conversation) == ()
    with pytest.raises(CommandRefused, match="No answer here"):
        to_export(conversation, "")


async def test_parts_are_opened_before_sources() -> None:
    conversation = talking(saying("a", SourceFound(Source("https://a")), PartReceived(PICTURE)))
    await said(conversation, "draw")
    assert openable(conversation) == (PICTURE, Source("https://a"))
