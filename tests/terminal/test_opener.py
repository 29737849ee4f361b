"""Files and addresses are handed to the desktop's opener as arguments, and its absence is words."""

import stat
from pathlib import Path

import pytest

from tui_chat.terminal.opener import Opener, OpenerFailed

URL = "https://host/a?b=$(touch x);c&d"


def desktop(folder: Path, *, status: int = 0) -> dict[str, str]:
    """An environment whose `xdg-open` writes down what it was given."""
    script = folder / "xdg-open"
    script.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$#" "$@" "${{SOLROUTER_API_KEY-none}}" >"{folder}/given"\nexit {status}\n'
    )
    script.chmod(0o700)
    return {"PATH": str(folder), "DISPLAY": ":0", "SOLROUTER_API_KEY": "sr_secret"}


async def test_an_address_is_one_argument_and_the_key_stays_here(tmp_path: Path) -> None:
    await Opener(desktop(tmp_path), platform="linux", waits_s=60.0).browse(URL)
    assert (tmp_path / "given").read_text().splitlines() == ["1", URL, "none"]


async def test_bytes_are_opened_as_a_file_that_only_its_owner_can_read(tmp_path: Path) -> None:
    await Opener(desktop(tmp_path), platform="linux", waits_s=60.0).show(b"data", "picture.png")
    opened = (tmp_path / "given").read_text().splitlines()[1]
    assert facts(opened) == ("-picture.png", b"data", 0o600, 0o700)


def facts(opened: str) -> tuple[str, bytes, int, int]:
    """The end of a file's name, its bytes, and the modes of it and its folder."""
    file = Path(opened)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent)]
    return file.name[-len("-picture.png") :], file.read_bytes(), modes[0], modes[1]


@pytest.mark.parametrize(
    ("environ", "platform", "words"),
    [
        ({"PATH": "/nowhere", "DISPLAY": ":0"}, "linux", "no xdg-open to open it with"),
        ({"PATH": "/nowhere"}, "linux", "no desktop here"),
        ({"PATH": "/nowhere"}, "darwin", "no open to open it with"),
    ],
)
async def test_where_nothing_opens_it_the_words_say_so(environ: dict[str, str], platform: str, words: str) -> None:
    with pytest.raises(OpenerFailed, match=words):
        await Opener(environ, platform=platform).browse(URL)


async def test_an_opener_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(OpenerFailed, match="xdg-open could not open it; it ended with 3"):
        await Opener(desktop(tmp_path, status=3), platform="linux", waits_s=60.0).browse(URL)
