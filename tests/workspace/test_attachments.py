"""Files as parts of a message: what can be one, and which model takes it."""

from pathlib import Path

import pytest

from tui_chat.core.errors import AttachmentError
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.parts import File, Image, Media
from tui_chat.workspace.attachments import (
    LIMIT_BYTES,
    FileKind,
    attachment,
    check_given,
    facts_in_words,
    facts_of,
    kind_of,
    read_attachment,
    tokens_of_file,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60
PICTURE = attachment("plot.png", PNG)
BLIND = ModelInfo("blind", input_modalities=("text",))
SEEING = ModelInfo("seeing", input_modalities=("text", "image"))
SILENT = ModelInfo("silent")
READING = ModelInfo("reading", input_modalities=("text", "image", "file"))
HEARING = ModelInfo("hearing", input_modalities=("text", "audio"))
PDF = b"%PDF-1.7\n" + b"\0" * 60
WAV = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" + bytes(8) + (32_000).to_bytes(4, "little") + bytes(64_000)


def test_text_is_a_file_and_a_picture_a_data_url() -> None:
    assert attachment("a.md", b"\xef\xbb\xbfhi") == File("a.md", "hi")
    assert isinstance(PICTURE, Image)
    assert PICTURE.url.startswith("data:image/png;base64,")


@pytest.mark.parametrize("data", [b"\xff\xfe\0a\0", b"text with a \0 in it", b"x" * (LIMIT_BYTES + 1)])
def test_what_is_neither_or_too_large_is_refused(data: bytes) -> None:
    with pytest.raises(AttachmentError):
        attachment("thing", data)


def test_a_head_that_cuts_a_character_is_still_text() -> None:
    assert kind_of("é".encode()[:1]) is FileKind.TEXT
    assert kind_of(b"\xe9 alone") is FileKind.BINARY
    assert kind_of(PNG) is FileKind.PICTURE
    assert kind_of(b"") is FileKind.TEXT


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(AttachmentError, match=r"nope\.md cannot be read: No such file"):
        read_attachment(tmp_path / "nope.md", "nope.md")


def test_size_and_estimate_are_told_and_a_picture_has_no_estimate() -> None:
    assert facts_of(File("a", "x" * 4_900)) == ("4.8 KB", "~1.2k tok")
    assert facts_of(PICTURE) == ("picture", "68 B")
    assert facts_of(Image("https://example.org/a.png")) == ("picture",)


def test_a_picture_is_refused_only_where_the_catalogue_says_that_it_is_not_taken() -> None:
    catalog = Catalog((BLIND, SILENT, SEEING))
    for model in ("seeing", "silent", "unheard of"):
        check_given([PICTURE], model, catalog)
    check_given([File("a", "text")], "blind", catalog)
    with pytest.raises(AttachmentError, match="blind takes no pictures") as refusal:
        check_given([PICTURE], "blind", catalog, preferred=["blind", "gone"])
    assert refusal.value.failure.advice == "Switch to seeing, or leave it out."


@pytest.mark.parametrize(
    ("data", "kind", "media_type"),
    [
        (PDF, "file", "application/pdf"),
        (WAV, "audio", "audio/wav"),
        (b"ID3\3\0\0" + bytes(60), "audio", "audio/mpeg"),
        (b"\xff\xfb\x90\0" + bytes(60), "audio", "audio/mpeg"),
    ],
)
def test_a_pdf_and_sound_are_told_by_their_bytes_whatever_they_are_called(
    data: bytes, kind: str, media_type: str
) -> None:
    part = attachment("thing.txt", data)
    assert isinstance(part, Media)
    assert (part.kind, part.name, part.media_type) == (kind, "thing.txt", media_type)
    assert part.url.startswith(f"data:{media_type};base64,")


@pytest.mark.parametrize("text", ["ID3 tags are a mess.", "About %PDF-1.7", "RIFF and WAVE"])
def test_a_text_about_such_files_stays_a_text(text: str) -> None:
    assert attachment("about.pdf", text.encode()) == File("about.pdf", text)


@pytest.mark.parametrize("data", [b"OggS" + bytes(60), b"fLaC" + bytes(60)])
def test_sound_that_models_do_not_take_is_refused(data: bytes) -> None:
    with pytest.raises(AttachmentError, match="neither text in UTF-8"):
        attachment("song.mp3", data)


def test_what_a_file_is_and_roughly_takes_is_told_before_it_is_read_as_after() -> None:
    for data, facts in ((PDF, ("PDF", "69 B", "~1.5k tok")), (WAV, ("sound", "63 KB", "~65 tok"))):
        assert facts_of(attachment("x", data)) == facts
        before = facts_in_words(kind_of(data[:1024]), len(data), tokens_of_file(data[:1024], len(data)))
        assert before == facts


def test_what_a_model_does_not_take_is_refused_with_one_that_takes_all_of_it() -> None:
    catalog = Catalog((BLIND, SILENT, SEEING, HEARING, READING))
    given = (attachment("docs/a.pdf", PDF), PICTURE)
    with pytest.raises(AttachmentError) as refusal:
        check_given(given, "seeing", catalog)
    assert refusal.value.failure.message == "seeing takes no PDFs (a.pdf is one)."
    assert refusal.value.failure.advice == "Switch to reading, or leave it out."
    assert refusal.value.failure.code == "takes_no_pdf"
    with pytest.raises(AttachmentError, match=r"reading takes no sound files \(a\.wav is one\)"):
        check_given((attachment("a.wav", WAV),), "reading", catalog)
    for model in ("reading", "silent", "unheard of"):
        check_given(given, model, catalog)


def test_what_nobody_can_be_sent_is_named_by_what_it_is() -> None:
    assert facts_of(Media("video", "https://host/film.mp4", "film.mp4")) == ("video",)
