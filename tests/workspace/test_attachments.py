"""Files as parts of a message: what can be one, and which model takes it."""

from pathlib import Path

import pytest

from tui_chat.core.errors import AttachmentError
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.parts import File, Image
from tui_chat.workspace.attachments import (
    LIMIT_BYTES,
    FileKind,
    attachment,
    check_pictures,
    facts_of,
    kind_of,
    read_attachment,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60
PICTURE = attachment("plot.png", PNG)
BLIND = ModelInfo("blind", input_modalities=("text",))
SEEING = ModelInfo("seeing", input_modalities=("text", "image"))
SILENT = ModelInfo("silent")


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
        check_pictures([PICTURE], model, catalog)
    check_pictures([File("a", "text")], "blind", catalog)
    with pytest.raises(AttachmentError, match="blind takes no pictures") as refusal:
        check_pictures([PICTURE], "blind", catalog, preferred=["blind", "gone"])
    assert refusal.value.failure.advice == "Switch to seeing, or leave it out."
