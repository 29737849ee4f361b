"""Pictures, files and sources of answers in plain mode: `/open` and `/export parts`."""

import base64
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.plain.support import PlainChat, answer
from tests.terminal.test_opener import desktop
from tui_chat.core.parts import Beside, Image, Source
from tui_chat.core.stream_events import PartReceived, SourceFound
from tui_chat.terminal.opener import Opener

PNG = b"\x89PNG\r\n\x1a\nmore"
PICTURE = Image(f"data:image/png;base64,{base64.b64encode(PNG).decode()}", "a sea")
PAGE = Source("https://host/tides", "Tides", 1)


def drawing(folder: Path, *parts: Beside | Source, typed: tuple[str, ...]) -> PlainChat:
    """A chat whose answer has these beside its words, with a desktop that writes down what it was given."""
    events = [SourceFound(part) if isinstance(part, Source) else PartReceived(part) for part in parts]
    chat = PlainChat(folder, [*answer("So.")[:-1], *events, answer()[-1]], typed=typed)
    chat.chat.context = replace(chat.context, opener=Opener(desktop(folder), platform="linux", waits_s=60.0))
    return chat


async def test_the_only_part_is_opened_at_once(tmp_path: Path) -> None:
    chat = drawing(tmp_path, PICTURE, typed=("/open",))
    await chat.converse("draw")
    assert "Opened picture.png.\n" in chat.said
    assert "-picture.png" in (tmp_path / "given").read_text()


@pytest.mark.parametrize(("reply", "is_opened"), [("y", True), ("", False)])
async def test_a_page_is_said_whole_and_opened_by_a_yes(tmp_path: Path, reply: str, is_opened: bool) -> None:
    chat = drawing(tmp_path, PICTURE, PAGE, typed=("/open", "2", reply))
    await chat.converse("draw")
    assert "2. Source [1] Tides · https://host/tides\n" in chat.said
    assert "A page of host: https://host/tides\nOpen it? y or n:" in chat.said
    assert (tmp_path / "given").exists() is is_opened


async def test_a_picture_in_the_text_is_said_short_and_opened_and_saved_like_any_other(tmp_path: Path) -> None:
    out = tmp_path / "out"
    text = f"So: ![a sea]({PICTURE.url}). That was it."
    chat = PlainChat(tmp_path, answer(*text), typed=("/read", f"/export parts {out}"))
    await chat.converse("draw")
    assert chat.said.count("So: ![a sea](image/png,12B). That was it.") == 2
    assert (out / "a-sea.png").read_bytes() == PNG


async def test_parts_are_saved_and_no_file_is_replaced_unasked(tmp_path: Path) -> None:
    file = tmp_path / "out" / "a-sea.png"
    chat = drawing(tmp_path, PICTURE, typed=(f"/export parts {file.parent}", f"/export parts 1 {file}", "n"))
    await chat.converse("draw")
    assert f"Saved to {file}.\n" in chat.said
    assert "exists already. Replace it? y or n:" in chat.said
    assert "Not saved.\n" in chat.said
    assert file.read_bytes() == PNG


@pytest.mark.parametrize(
    ("line", "words"), [("/open", "No answer here holds"), ("/export parts", "No answer here holds")]
)
async def test_without_any_the_words_say_so(tmp_path: Path, line: str, words: str) -> None:
    chat = drawing(tmp_path, typed=(line,))
    await chat.converse("draw")
    assert words in chat.said
