"""Every example in the README and in the manual works: settings are loaded, keys checked, command lines parsed."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui_chat
from tui_chat.chat.tool_files import read_tools
from tui_chat.cli.parser import parse
from tui_chat.settings.load import load_settings
from tui_chat.settings.model import BY_KEY
from tui_chat.ui.commands.table import COMMANDS
from tui_chat.ui.composing.keys import with_enter
from tui_chat.ui.keys.own_keys import key_problems, read_own_keys

_PACKAGE = Path(tui_chat.__file__).parent
PAGES = (_PACKAGE.parent / "README.md", *sorted((_PACKAGE / "manual").glob("*.md")))
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
_STAND_INS = {"PORT": "0", "N": "1", "SECONDS": "1", "USD": "1", "FORMAT": "json"}
"""Numbers and the like, where an example says what to put."""


def blocks(*kinds: str) -> Iterator[tuple[str, str]]:
    """Each block of code of these kinds, with the name of its page."""
    for page in PAGES:
        for kind, code in _FENCE.findall(page.read_text(encoding="utf-8")):
            if kind in kinds:
                yield page.name, code


def inline() -> Iterator[tuple[str, str]]:
    """Each piece of code within a sentence or a table."""
    for page in PAGES:
        for code in _INLINE.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
            yield page.name, code


_OF_TOOLS = ("[tools.", "[mcp.")
"""How a tools file begins."""


def tools() -> Iterator[tuple[str, str]]:
    yield from ((page, code) for page, code in blocks("toml") if code.startswith(_OF_TOOLS))
    yield from blocks("json")


def settings() -> Iterator[tuple[str, str]]:
    yield from ((page, code) for page, code in blocks("toml") if not code.startswith(_OF_TOOLS))
    yield from ((page, code) for page, code in inline() if code.partition(" = ")[0] in BY_KEY and " = " in code)


def command_lines() -> Iterator[tuple[str, str]]:
    lines = ((page, line) for page, code in blocks("", "sh") for line in code.splitlines())
    for page, line in (*lines, *inline()):
        for command in re.split(r"&&|\|(?=\s)", line):
            if re.match(r"(\.venv/bin/)?tui-chat(\s|$)", command.strip()):
                yield page, command.strip()


@pytest.mark.parametrize(("page", "text"), list(settings()))
def test_an_example_of_settings_has_no_problem(page: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")

    loaded = load_settings(file, {})
    own, unreadable = read_own_keys(loaded.settings.keys, loaded.settings.leader)
    with_sending = with_enter(own, sends=loaded.settings.enter == "send")

    assert not loaded.problems, page
    assert not unreadable, page
    assert not key_problems(COMMANDS, with_sending), page


@pytest.mark.parametrize(("page", "text"), list(tools()))
def test_an_example_of_tools_has_no_problem(page: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / ("tools.json" if text.startswith("[\n") else "tools.toml")
    file.write_text(text, encoding="utf-8")
    (tmp_path / "weather.schema.json").write_text('{"properties": {"city": {}, "units": {}}}', encoding="utf-8")

    assert read_tools(file).problems == (), page


@pytest.mark.parametrize(("page", "line"), list(command_lines()))
def test_an_example_of_a_command_is_understood(page: str, line: str) -> None:
    words = shlex.split(line.replace("[", "").replace("]", ""), comments=True)
    words = words[: words.index(">")] if ">" in words else words

    parse([_STAND_INS.get(word, word) for word in words[1:]])


def test_there_are_examples_of_both() -> None:
    assert len(list(settings())) > 5
    assert {text[:2] for _, text in tools()} == {"[\n", "[t", "[m"}
    assert len(list(command_lines())) > 30
