"""Reading, listing and searching below a folder: nothing outside is ever given, whatever lies in it."""

import asyncio
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile import PAYLOADS
from tests.irregular import IRREGULAR
from tests.tools.programs import NoFetcher
from tui_chat.chat.ready_work import FolderWork
from tui_chat.chat.tool_plans import ToolPlan
from tui_chat.chat.tool_ports import ToolOutcome
from tui_chat.core.parts import ToolCall
from tui_chat.core.redact import remember
from tui_chat.core.tool import FolderUse
from tui_chat.tools import listing, searching, walking
from tui_chat.tools.own_places import OwnPlaces
from tui_chat.tools.runner import Runner

SECRET = "what-nobody-may-read"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "notes"
    made.mkdir()
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").write_text(SECRET)
    return made


async def run(
    work: FolderWork, own: Callable[[], OwnPlaces] = OwnPlaces, limit_bytes: int = 65_536, timeout_s: float = 20.0
) -> ToolOutcome:
    plan = ToolPlan(ToolCall("c1", "t", "{}"), work, timeout_s, limit_bytes)
    written: list[str] = []
    outcome = await Runner({}, NoFetcher(), places=own).run(plan, written.append)
    assert "".join(written) == outcome.content or any(ord(char) < 32 for char in outcome.content)
    return outcome


async def read(folder: Path, path: str, *, first_line: int = 1, lines: int = 2000, limit_bytes: int = 65_536,
               own: Callable[[], OwnPlaces] = OwnPlaces) -> ToolOutcome:  # fmt: skip
    parts = tuple(path.split("/"))
    work = FolderWork(FolderUse.READ, str(folder), parts, first_line=first_line, lines=lines)
    return await run(work, own, limit_bytes)


async def search(folder: Path, text: str, pattern: str = "", *parts: str, hidden: bool = False,
                 own: Callable[[], OwnPlaces] = OwnPlaces) -> ToolOutcome:  # fmt: skip
    work = FolderWork(FolderUse.SEARCH, str(folder), parts, hidden, text=text, pattern=pattern, is_deep=True)
    return await run(work, own)


async def listed(folder: Path, pattern: str = "", *parts: str, deep: bool = False, hidden: bool = False,
                 own: Callable[[], OwnPlaces] = OwnPlaces) -> ToolOutcome:  # fmt: skip
    return await run(FolderWork(FolderUse.LIST, str(folder), parts, hidden, pattern=pattern, is_deep=deep), own)


async def test_a_file_is_read_in_parts(folder: Path) -> None:
    (folder / "a.md").write_bytes("eins\r\nzwei\r\ndrei ä\n".encode())
    assert await read(folder, "a.md") == ToolOutcome("eins\nzwei\ndrei ä\n", ending="lines 1 to 3, to the end")
    assert await read(folder, "a.md", lines=1) == ToolOutcome(
        "eins\n", ending="lines 1 to 1, it goes on with first_line 2"
    )
    assert (await read(folder, "a.md", first_line=2, lines=2)).content == "zwei\ndrei ä\n"
    assert (await read(folder, "a.md", limit_bytes=12)).content == "eins\nzwei\n"
    too_far = await read(folder, "a.md", first_line=4)
    assert (too_far.content, too_far.is_error) == ("It has 3 lines.", True)
    assert (await read(folder, "a.md", first_line=99)).content == "It has 3 lines."


async def test_every_line_is_given_once_when_one_goes_on_where_it_says(folder: Path) -> None:
    text = "".join(f"line {number} {'x' * (number % 70)}\n" for number in range(500)) + "the end"
    (folder / "a").write_text(text)
    got, first = "", 1
    while True:
        outcome = await read(folder, "a", first_line=first, limit_bytes=1000)
        got += outcome.content
        _, _, following = outcome.ending.partition("first_line ")
        if not following:
            break
        first = int(following)
    assert got == text


async def test_a_line_that_is_too_long_is_cut_and_said(folder: Path) -> None:
    (folder / "a").write_text("ä" * 10_000)
    outcome = await read(folder, "a", limit_bytes=1001)
    assert outcome.content == "ä" * 500
    assert "cut" in outcome.ending


async def test_other_encodings_are_read_and_what_is_no_text_is_told(folder: Path) -> None:
    (folder / "utf16").write_text("grün\nrot\n", encoding="utf-16")
    (folder / "latin").write_bytes("für die Größe\n".encode("latin-1"))
    (folder / "picture").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(3000))
    (folder / "noise").write_bytes(bytes(range(128, 256)) * 40)
    (folder / "empty").write_bytes(b"")
    assert (await read(folder, "utf16")).content == "grün\nrot\n"
    assert (await read(folder, "latin")).content == "f\ufffdr die Gr\ufffd\ufffde\n"
    picture = await read(folder, "picture")
    assert (picture.content, picture.is_error) == ("It is not text: image/png, 2.9 KB.", True)
    assert (await read(folder, "noise")).is_error
    assert (await read(folder, "empty")).ending == "an empty file"


@pytest.mark.parametrize("kind", [kind for kind in IRREGULAR if kind != "100 MB"])
async def test_what_is_no_plain_file_is_refused_at_once(folder: Path, kind: str) -> None:
    IRREGULAR[kind](folder / "it")
    outcome = await read(folder, "it")
    assert outcome.is_error
    assert outcome.content.startswith("it is ")
    assert (await search(folder, "x")).ending.startswith("nothing found")
    assert (await listed(folder)).content.startswith("it")


@pytest.mark.parametrize("target", ["../secret", "{}/secret", "../outside/file", "inside"])
async def test_no_link_is_followed_not_even_within(folder: Path, target: str) -> None:
    (folder / "inside").write_text("harmless")
    (folder / "link").symlink_to(target.format(folder.parent))
    outcome = await read(folder, "link")
    assert outcome == ToolOutcome("link is a link, and links are not followed.", is_error=True, ending="not read")
    assert SECRET not in (await search(folder, "nobody")).content


@pytest.mark.parametrize("path", ["way/file", "way/../secret", "deep/way/file"])
async def test_no_folder_that_is_a_link_is_entered(folder: Path, path: str) -> None:
    (folder / "way").symlink_to("../outside")
    (folder / "deep").mkdir()
    (folder / "deep" / "way").symlink_to(folder.parent / "outside")
    outcome = await read(folder, path)
    assert outcome.is_error
    assert SECRET not in outcome.content
    assert "file" not in (await listed(folder, deep=True)).content
    assert SECRET not in (await search(folder, "nobody")).content


@pytest.mark.parametrize("names", [("..", "secret"), ("sub", "..", "..", "secret")])
async def test_a_plan_that_leads_up_is_never_run(folder: Path, names: tuple[str, ...]) -> None:
    (folder / "sub").mkdir()
    with pytest.raises(ValueError, match="leads up"):
        await run(FolderWork(FolderUse.READ, str(folder), names))


def swapping(monkeypatch: pytest.MonkeyPatch, name: str, swap: Callable[[], None]) -> None:
    """Call `swap` after this name was looked at and before it is opened."""
    real = os.stat
    done = False

    def stat(path: str | int, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> os.stat_result:
        nonlocal done
        found = real(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks)
        if path == name and dir_fd is not None and not done:
            done = True
            swap()
        return found

    monkeypatch.setattr(os, "stat", stat)


async def test_a_folder_that_becomes_a_link_between_look_and_opening_leads_nowhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "file").write_text("harmless")

    def swap() -> None:
        (folder / "sub").rename(folder / "gone")
        (folder / "sub").symlink_to("../outside")

    swapping(monkeypatch, "sub", swap)
    outcome = await read(folder, "sub/file")
    assert (folder / "sub").is_symlink()
    assert outcome.is_error
    assert SECRET not in outcome.content


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("../secret"), os.mkfifo])
async def test_a_file_that_becomes_another_thing_between_look_and_opening_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None]
) -> None:
    (folder / "file").write_text("harmless")

    def swap() -> None:
        (folder / "file").unlink()
        make(folder / "file")

    swapping(monkeypatch, "file", swap)
    outcome = await read(folder, "file")
    assert outcome.is_error
    assert SECRET not in outcome.content


@pytest.mark.parametrize("rounds", [10, pytest.param(100, marks=pytest.mark.slow)])
async def test_a_folder_that_is_swapped_all_the_time_never_leads_out(folder: Path, rounds: int) -> None:
    (folder / "real").mkdir()
    (folder / "real" / "file").write_text("harmless")
    (folder / "link").symlink_to("../outside")
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            for one in ("real", "link"):
                os.rename(folder / one, folder / "at")
                os.rename(folder / "at", folder / one)

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        for name in ("at/file", "real/file", "link/file") * rounds:
            assert SECRET not in (await read(folder, name)).content
        for _ in range(rounds // 3):
            assert SECRET not in (await search(folder, "nobody")).content
    finally:
        stop.set()
        swapper.join()


async def test_our_own_folders_are_not_given_wherever_they_lie(folder: Path) -> None:
    ours = folder / "deep" / "tui-chat"
    ours.mkdir(parents=True)
    (ours / "credentials.toml").write_text(SECRET)
    (folder / "another.toml").write_text(SECRET)
    os.link(ours / "credentials.toml", folder / "second name")

    def own() -> OwnPlaces:
        return OwnPlaces([str(ours), str(folder / "not there")], [str(folder / "another.toml")])

    for path in ("deep/tui-chat/credentials.toml", "another.toml", "second name"):
        outcome = await read(folder, path, own=own)
        assert outcome.is_error
        assert "belongs to tui-chat" in outcome.content
    assert (await search(folder, "nobody", own=own)).ending == "nothing found"
    assert "credentials" not in (await listed(folder, deep=True, own=own)).content


async def test_a_folder_within_ours_is_none_to_read_in(folder: Path) -> None:
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "file").write_text(SECRET)
    (folder.parent / "way").symlink_to(folder / "a" / "b")
    for at in (folder, folder / "a" / "b", folder.parent / "way"):
        outcome = await listed(at, own=lambda: OwnPlaces([str(folder)]))
        assert outcome.is_error
        assert "belongs to tui-chat" in outcome.content


@pytest.mark.skipif(not os.path.exists("/proc/self/environ"), reason="no such files here")
async def test_what_the_system_tells_of_processes_is_not_given() -> None:
    outcome = await read(Path("/"), "proc/self/environ")
    assert outcome.is_error
    assert "belongs to" in outcome.content
    assert (await listed(Path("/proc/self"))).is_error


async def test_a_key_of_ours_in_a_file_is_hidden(folder: Path) -> None:
    remember("sr_a-key-that-stands-in-a-file-99")
    (folder / "config").write_text("key = sr_a-key-that-stands-in-a-file-99\n")
    assert "stands-in-a-file" not in (await read(folder, "config")).content
    assert "stands-in-a-file" not in (await search(folder, "key")).content


async def test_files_are_listed_with_sizes_and_hidden_ones_only_with_leave(folder: Path) -> None:
    (folder / "b").mkdir()
    (folder / "b" / "c.PY").write_text("12345")
    (folder / "a.md").write_text("1")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.py").write_text("")
    assert (await listed(folder)).content == "a.md  1 B\nb/"
    assert (await listed(folder, deep=True)).content == "a.md  1 B\nb/\nb/c.PY  5 B"
    assert (await listed(folder, "*.py", deep=True)).content == "b/c.PY  5 B"
    assert (await listed(folder, "**/*.py", deep=True, hidden=True)).content == ".git/x.py  0 B\nb/c.PY  5 B"
    assert (await listed(folder, "b/*.py", deep=True)).content == "b/c.PY  5 B"
    assert await listed(folder, "", "b") == ToolOutcome("b/c.PY  5 B", ending="1 name")
    assert (await listed(folder, "*.txt")).ending == "nothing"
    assert (await listed(folder, "", "a.md")).content == "a.md is a file, and no folder."
    assert (await listed(folder / "none")).content.endswith("cannot be opened: No such file or directory.")


async def test_lines_are_found_whatever_their_case(folder: Path) -> None:
    (folder / "b").mkdir()
    (folder / "b" / "c.py").write_text("nothing\nThe STRASSE\n")
    (folder / "a.md").write_text("eine Straße\r\nx\r\n")
    (folder / ".hidden").write_text("straße")
    (folder / "binary").write_bytes(b"strasse\0")
    assert await search(folder, "strasse") == ToolOutcome(
        "a.md:1: eine Straße\nb/c.py:2: The STRASSE", ending="2 lines in 2 files"
    )
    assert (await search(folder, "strasse", "*.py")).content == "b/c.py:2: The STRASSE"
    assert (await search(folder, "strasse", "", "b")).content == "b/c.py:2: The STRASSE"
    assert (await search(folder, "strasse", "", "a.md")).content == "a.md:1: eine Straße"
    assert ".hidden:1" in (await search(folder, "strasse", hidden=True)).content


async def test_numbers_of_lines_are_those_that_reading_takes(folder: Path) -> None:
    (folder / "a").write_text("one\x0bstill one\x85\u2028\nneedle\n")
    number = int((await search(folder, "needle")).content.split(":")[1])
    assert (await read(folder, "a", first_line=number)).content == "needle\n"


async def test_what_is_found_is_capped_and_counted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_ROWS", 3)
    monkeypatch.setattr(searching, "MOST_LINES", 3)
    monkeypatch.setattr(searching, "LARGEST_FILE", 1024)
    for number in range(8):
        (folder / f"{number}").write_text("needle\n")
    (folder / "large").write_text("needle" * 1000)
    assert (await listed(folder)).content == "0  7 B\n1  7 B\n2  7 B\n… 6 more"
    found = await search(folder, "needle")
    assert found.content.endswith("… 5 more")
    assert found.ending == "8 lines in 8 files, 1 file above 1 KB left out"
    monkeypatch.setattr(walking, "MOST_ENTRIES", 4)
    assert (await listed(folder)).ending == "4 names, not all was looked at"


async def test_a_long_line_is_shown_around_what_was_found(folder: Path) -> None:
    (folder / "a").write_text("x" * 5000 + "needle" + "y" * 5000)
    content = (await search(folder, "needle")).content
    assert "needle" in content
    assert len(content) < 400


async def test_names_and_lines_that_a_terminal_would_obey_are_made_harmless(folder: Path) -> None:
    for payload in PAYLOADS.values():
        name = payload.replace("/", "").replace("\0", "").encode(errors="replace").decode()
        (folder / f"x{name}").write_text(f"needle {payload}", errors="replace")
    for outcome in (await listed(folder), await search(folder, "needle")):
        assert "needle" in outcome.content or "x" in outcome.content
        assert not any((ord(char) < 32 and char != "\n") or 0x7F <= ord(char) < 0xA0 for char in outcome.content)


async def test_a_search_that_takes_too_long_gives_what_it_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(50):
        (folder / f"{number:02}").write_text("needle")
    real = searching._Found.look_at

    def slowly(self: searching._Found, handle: int, path: str) -> None:
        real(self, handle, path)
        if path == "03":
            self._leave._until_s = 0.0

    monkeypatch.setattr(searching._Found, "look_at", slowly)
    outcome = await search(folder, "needle")
    assert outcome.content.startswith("00:1: needle")
    assert outcome.ending == "4 lines in 4 files, not all was looked at"


async def test_a_search_is_stopped_within_a_second(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a").write_text("needle")
    begun, may_end = threading.Event(), threading.Event()

    def hang(handle: int) -> str | None:
        begun.set()
        may_end.wait(20)
        return None

    monkeypatch.setattr(searching, "_text_of", hang)
    running = asyncio.ensure_future(search(folder, "needle"))
    await asyncio.to_thread(begun.wait, 10)
    began = time.monotonic()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert time.monotonic() - began < 1.0
    may_end.set()


@pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="no such folder here")
async def test_no_handle_stays_open(folder: Path) -> None:
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "c").write_text("needle")
    (folder / "a" / "link").symlink_to("b")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        await read(folder, "a/b/c")
        await read(folder, "a/link/c")
        await read(folder, "a/b")
        await search(folder, "needle")
        await listed(folder, deep=True)
    assert len(os.listdir("/proc/self/fd")) <= before + 1
