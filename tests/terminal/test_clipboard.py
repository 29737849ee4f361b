"""Copying: which ways a text goes, that it is harmless, and that no tool can hold the program."""

import os
import re
import stat
from base64 import b64decode
from pathlib import Path

import pytest

from tui_chat.terminal.clipboard import FILE_NAME, MOST_OSC52_BYTES, Clipboard, copied_words, osc52

OSC52 = re.compile(r"\x1b+\]52;c;([A-Za-z0-9+/=]*)\x07")
HOSTILE = "a\x1b]52;c;aGk=\x07\x00\x9b2J\u202eb\ud800\tc\nd"


class Desk:
    """A clipboard with fake tools on its PATH and everything that it wrote."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.environ = {"PATH": f"{self.bin}:{os.environ['PATH']}", "TERM": "xterm-256color", **environ}
        self.written: list[str] = []

    def tool(self, name: str, script: str) -> None:
        """A program of this name; `$OUT` is the folder where it leaves what it was given."""
        file = self.bin / name
        file.write_text(f"#!/bin/sh\nOUT={self.folder}\n{script}\n")
        file.chmod(0o755)

    def clipboard(self, way: str = "auto", timeout_s: float = 5.0) -> Clipboard:
        return Clipboard(
            self.written.append, way=way, folder=self.folder / "state", environ=self.environ, timeout_s=timeout_s
        )

    def given(self) -> list[str]:
        """The texts that wl-copy was given."""
        return [file.read_text() for file in self.folder.glob("wl-copy.*")]

    def told(self) -> list[str]:
        """The texts that the terminal was handed."""
        return [b64decode(code).decode() for code in OSC52.findall("".join(self.written))]


KEEPS_ALL = 'echo "$0 $*" >> $OUT/calls; cat > $OUT/$(basename $0).$(echo "$*" | tr -c a-z _)'


async def test_a_text_goes_to_the_tool_and_to_the_terminal(tmp_path: Path) -> None:
    desk = Desk(tmp_path, WAYLAND_DISPLAY="w")
    desk.tool("wl-copy", KEEPS_ALL)
    copied = await desk.clipboard().put("Grüße 👩‍🚀\n\ttab")
    assert desk.told() == ["Grüße 👩‍🚀\n\ttab"]
    assert desk.given() == ["Grüße 👩‍🚀\n\ttab"]
    assert copied.ways == ("with wl-copy", "through the terminal (OSC 52)")
    assert copied_words(copied, "it") == ("Copied it, 14 characters, with wl-copy and through the terminal (OSC 52).")


async def test_no_text_stands_in_a_tools_arguments(tmp_path: Path) -> None:
    desk = Desk(tmp_path, DISPLAY=":0")
    desk.tool("xclip", KEEPS_ALL)
    await desk.clipboard().put("a secret", is_selection=True)
    assert "secret" not in (tmp_path / "calls").read_text()


async def test_a_selection_goes_where_the_middle_button_pastes_from(tmp_path: Path) -> None:
    desk = Desk(tmp_path, DISPLAY=":0")
    desk.tool("xclip", KEEPS_ALL)
    await desk.clipboard().put("all", is_selection=False)
    assert "primary" not in (tmp_path / "calls").read_text()
    await desk.clipboard().put("selected", is_selection=True)
    assert "primary" in (tmp_path / "calls").read_text()


async def test_a_tool_that_fails_gives_way_to_the_next(tmp_path: Path) -> None:
    desk = Desk(tmp_path, WAYLAND_DISPLAY="w", DISPLAY=":0")
    desk.tool("wl-copy", "exit 1")
    desk.tool("xclip", "exit 1")
    desk.tool("xsel", KEEPS_ALL)
    assert (await desk.clipboard("tool").put("text")).ways == ("with xsel",)


async def test_a_tool_is_found_once_it_is_installed(tmp_path: Path) -> None:
    desk = Desk(tmp_path, WAYLAND_DISPLAY="w")
    clipboard = desk.clipboard()
    assert (await clipboard.put("one")).ways == ("through the terminal (OSC 52)",)
    desk.tool("wl-copy", KEEPS_ALL)
    assert "with wl-copy" in (await clipboard.put("two")).ways


async def test_a_tool_that_leaves_a_child_behind_does_not_hold_us(tmp_path: Path) -> None:
    desk = Desk(tmp_path, DISPLAY=":0")
    desk.tool("xclip", "cat > $OUT/got; sleep 60 &")
    copied = await desk.clipboard(timeout_s=30).put("text")
    assert copied.ways[0] == "with xclip"
    assert (tmp_path / "got").read_text() == "text"


async def test_a_tool_that_hangs_is_given_up(tmp_path: Path) -> None:
    desk = Desk(tmp_path, DISPLAY=":0")
    desk.tool("xclip", "exec sleep 60")
    copied = await desk.clipboard(timeout_s=0.2).put("x" * 200_000)
    assert copied.ways == ()
    assert copied.file is not None


async def test_what_no_clipboard_takes_is_a_file_of_ones_own(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    text = "x" * (MOST_OSC52_BYTES + 1)
    copied = await desk.clipboard().put(text)
    assert copied.file == tmp_path / "state" / FILE_NAME
    assert copied.file.read_text() == text
    assert stat.S_IMODE(copied.file.stat().st_mode) == 0o600
    assert desk.written == []
    assert str(copied.file) in copied_words(copied, "it")


async def test_a_temporary_chat_leaves_no_file(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    copied = await desk.clipboard("tool").put("text", may_write_file=False)
    assert (copied.ways, copied.file) == ((), None)
    assert not (tmp_path / "state").exists()
    assert "Not copied" in copied_words(copied, "it")


async def test_a_text_beyond_osc_52_goes_to_the_tool_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path, WAYLAND_DISPLAY="w")
    desk.tool("wl-copy", KEEPS_ALL)
    copied = await desk.clipboard().put("é" * MOST_OSC52_BYTES)
    assert copied.ways == ("with wl-copy",)
    assert desk.written == []


@pytest.mark.parametrize(("way", "ways"), [("osc52", 1), ("tool", 1), ("auto", 2), ("off", 0)])
async def test_the_setting_chooses_the_ways(tmp_path: Path, way: str, ways: int) -> None:
    desk = Desk(tmp_path, WAYLAND_DISPLAY="w")
    desk.tool("wl-copy", KEEPS_ALL)
    clipboard = desk.clipboard(way)
    assert len((await clipboard.put("text")).ways) == ways
    assert clipboard.text == "text"


async def test_what_is_copied_is_harmless_everywhere(tmp_path: Path) -> None:
    desk = Desk(tmp_path, WAYLAND_DISPLAY="w")
    desk.tool("wl-copy", KEEPS_ALL)
    clipboard = desk.clipboard()
    await clipboard.put(HOSTILE)
    for text in (clipboard.text, *desk.told(), *desk.given()):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", text)
        assert text.endswith("\tc\nd")


def test_tmux_is_handed_the_plain_form_and_one_to_pass_on() -> None:
    written = osc52("text", {"TERM": "tmux-256color", "TMUX": "/tmp/x,1,0"})
    assert written == "\x1b]52;c;dGV4dA==\x07\x1bPtmux;\x1b\x1b]52;c;dGV4dA==\x07\x1b\\"


def test_screen_is_handed_pieces_that_it_takes() -> None:
    written = osc52("text " * 200, {"TERM": "screen", "STY": "1.pts"})
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", written, re.DOTALL)
    assert "".join(f"\x1bP{piece}\x1b\\" for piece in pieces) == written
    assert max(map(len, pieces)) <= 250
    assert b64decode(OSC52.findall("".join(pieces))[0]).decode() == "text " * 200


@pytest.mark.parametrize("term", ["linux", "dumb"])
def test_a_terminal_that_would_show_it_is_sent_nothing(term: str) -> None:
    assert osc52("text", {"TERM": term}) == ""


async def test_tmux_keeps_it_in_its_own_buffer_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path, TMUX="/tmp/x,1,0")
    desk.tool("tmux", KEEPS_ALL)
    assert "with tmux" in (await desk.clipboard().put("text")).ways
    assert "load-buffer -w -" in (tmp_path / "calls").read_text()
    assert [text.count("]52;") for text in desk.written] == [1]
