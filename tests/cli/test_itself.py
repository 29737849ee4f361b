"""What the program says of itself without its parser is what the parser would say."""

import sys
from pathlib import Path

import pytest

from tui_chat.cli.itself import NARROWEST, PAGE_FILE, broken, said_of_itself
from tui_chat.cli.parser import parse

WIDE = 100_000


def parsed(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        parse(words)
    assert not ended.value.code
    return capsys.readouterr().out


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="there the parser itself is asked: it writes another form")
def test_the_help_is_the_parsers_at_every_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flag or a command that changed: write what the parser says at COLUMNS=100002 to `help.txt`."""
    monkeypatch.setenv("COLUMNS", str(WIDE + 2))
    page = Path(PAGE_FILE).read_text(encoding="utf-8")
    assert page == parsed(["--help"], capsys)
    for columns in (*range(NARROWEST, 130), WIDE):
        monkeypatch.setenv("COLUMNS", str(columns))
        assert broken(page, columns - 2) == said_of_itself(["--help"]) == parsed(["-h"], capsys), columns


def test_the_version_is_the_parsers(capsys: pytest.CaptureFixture[str]) -> None:
    assert said_of_itself(["--version"]) == parsed(["--version"], capsys)


@pytest.mark.parametrize("words", [[], ["-m"], ["ask", "--help"], ["--help", "ask"], ["--", "--version"], ["-V"]])
def test_whatever_else_is_asked_is_the_parsers(words: list[str]) -> None:
    assert not said_of_itself(words)


def test_a_help_that_is_too_narrow_to_break_here_is_the_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(NARROWEST - 1))
    assert not said_of_itself(["--help"])
