"""The zip of ChatGPT: members by name, counted while they expand, never on the disk."""

import base64
import contextlib
import json
import zipfile
from pathlib import Path

import pytest

from tests.memory_store import MemoryStore
from tests.transcripts.importers.exports import PNG, chatgpt, open_webui
from tui_chat.core.errors import TranscriptError
from tui_chat.core.parts import Image
from tui_chat.regular_files import names_in
from tui_chat.workspace import archives
from tui_chat.workspace.importing import import_file

EXPORT = json.dumps([chatgpt()])


def zipped(folder: Path, members: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


async def test_the_conversations_of_a_zip_come_with_their_pictures(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {
        "conversations.json": EXPORT,
        "user.json": "{}",
        "file-Aa12-other.png": b"no",
        "file-Aa1-beach.png": base64.b64decode(PNG),
    }
    store = MemoryStore()
    imported = await import_file(store, zipped(tmp_path, members))
    _, nodes = await store.load(imported.conversations[0].conversation.id)
    assert nodes[0].message.parts[0] == Image(f"data:image/png;base64,{PNG}")
    assert names_in(tmp_path) == ["export.zip"]


async def test_several_files_of_a_newer_zip_are_all_read_wherever_they_lie(tmp_path: Path) -> None:
    second = json.dumps([{**chatgpt(), "conversation_id": "other"}])
    members: dict[str, str | bytes] = {"x/conversations-000.json": EXPORT, "x/conversations-001.json": second}
    imported = await import_file(MemoryStore(), zipped(tmp_path, members))
    assert len(imported.conversations) == 2


async def test_one_bad_file_of_several_is_said_and_leaves_the_others(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {"conversations-000.json": EXPORT, "conversations-001.json": "[nonsense"}
    imported = await import_file(MemoryStore(), zipped(tmp_path, members))
    assert len(imported.conversations) == 1
    assert any("conversations-001.json" in what for what in imported.left_out)


async def test_another_export_in_a_zip_is_told_by_its_content(tmp_path: Path) -> None:
    imported = await import_file(MemoryStore(), zipped(tmp_path, {"chats.json": json.dumps([open_webui()])}))
    assert imported.conversations[0].conversation.title == "Tides"


@pytest.mark.parametrize("folder", ["../", "/", "a\\", "C:", "__MACOSX/"])
async def test_a_member_whose_name_leads_elsewhere_is_not_read(tmp_path: Path, folder: str) -> None:
    with pytest.raises(TranscriptError, match="no other JSON file"):
        await import_file(MemoryStore(), zipped(tmp_path, {f"{folder}conversations.json": EXPORT}))


async def test_what_expands_to_more_than_may_be_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_TOTAL", 1_000_000)
    with pytest.raises(TranscriptError, match="more than"):
        await import_file(MemoryStore(), zipped(tmp_path, {"conversations.json": " " * 2_000_000 + EXPORT}))


async def test_a_picture_that_lies_about_its_size_is_only_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "LARGEST_PICTURE", 10)
    members: dict[str, str | bytes] = {"conversations.json": EXPORT, "file-Aa1.png": base64.b64decode(PNG)}
    imported = await import_file(MemoryStore(), zipped(tmp_path, members))
    assert any("only named" in what for what in imported.left_out)


async def test_a_list_of_members_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_DIRECTORY", 1_000)
    path = zipped(tmp_path, {"conversations.json": EXPORT, **{f"{number}.png": b"" for number in range(100)}})
    with pytest.raises(TranscriptError, match="torn, or too large"):
        await import_file(MemoryStore(), path)


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
async def test_a_packing_that_takes_memory_of_its_own_is_not_opened(tmp_path: Path, compression: int) -> None:
    with pytest.raises(TranscriptError, match="no other JSON file"):
        await import_file(MemoryStore(), zipped(tmp_path, {"conversations.json": EXPORT}, compression))


@pytest.mark.parametrize("cut", [4, 100, 600, -30, -1])
async def test_a_torn_zip_is_refused_in_words(tmp_path: Path, cut: int) -> None:
    path = zipped(tmp_path, {"conversations.json": EXPORT})
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(TranscriptError, match="torn"):
        await import_file(MemoryStore(), path)


@pytest.mark.parametrize("at", range(0, 120, 7))
async def test_a_changed_byte_is_read_or_refused(tmp_path: Path, at: int) -> None:
    path = zipped(tmp_path, {"conversations.json": EXPORT})
    data = bytearray(path.read_bytes())
    for place in (at, -1 - at):
        data[place] ^= 0xFF
        path.write_bytes(data)
        with contextlib.suppress(TranscriptError):
            await import_file(MemoryStore(), path)
