"""What a subcommand imports: little where little is asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.pty.pty_terminal import PtyTerminal, environment

COUNTED = """
import sys
before = set(sys.modules)
from tui_chat.cli.main import main
sys.argv = ["tui-chat", *{words!r}]
try:
    main()
except SystemExit:
    pass
print(*sorted(set(sys.modules) - before), file=sys.stderr)
"""


def imported(folder: Path, *words: str) -> list[str]:
    """The modules that a call imports, of those that the interpreter has not imported for itself."""
    environment = {"HOME": str(folder), "TUI_CHAT_HOME": str(folder), "PYTHONPATH": ":".join(sys.path)}
    call = [sys.executable, "-c", COUNTED.format(words=list(words))]
    return (
        subprocess.run(call, env=environment, capture_output=True, text=True, check=True)
        .stderr.splitlines()[-1]
        .split()
    )


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_what_is_only_asked_about_itself_imports_next_to_nothing(tmp_path: Path, word: str) -> None:
    modules = imported(tmp_path, word)
    assert not {"msgspec", "typing_extensions", "platformdirs", "httpx", "textual"} & set(modules)
    assert not {"argparse", "typing", "re", "enum", "collections", "shutil"} & set(modules)
    assert len(modules) <= 8


def test_the_settings_are_shown_without_the_network_and_the_screen(tmp_path: Path) -> None:
    modules = imported(tmp_path, "config")
    assert "tui_chat.settings.describe" in modules
    assert not {"httpx", "textual", "rich", "sqlite3", "markdown_it", "asyncio"} & set(modules)


def test_a_question_without_the_screen_imports_no_screen_and_nothing_that_reads_an_answer(tmp_path: Path) -> None:
    modules = imported(tmp_path, "ask", "--base-url", "http://127.0.0.1:9/v1", "hi")
    assert {"tui_chat.cli.ask", "httpx"} <= set(modules)
    assert not {"textual", "rich", "click", "pygments", "tui_chat.providers.openai_decoder"} & set(modules)


def test_a_question_is_sent_without_anyio(tmp_path: Path) -> None:
    modules = imported(tmp_path, "ask", "--base-url", "http://127.0.0.1:9/v1", "hi")
    assert "httpcore._async.http11" in modules
    assert "anyio" not in modules


FIRST_FRAME = """
import os, sys
from functools import partialmethod
from tui_chat.cli.main import main
from tui_chat.ui.app import ChatApp

def begin(app):  # called when the first frame is painted
    with open(os.environ["NAMES"], "w") as file:
        print(*sys.modules, file=file)
    app.exit()

ChatApp._begin = begin
ChatApp.run = partialmethod(ChatApp.run, headless=True, size=(120, 40))
sys.argv = ["tui-chat", *{words!r}]
main()
"""
NEEDED_LATER = {
    "httpx", "httpcore", "anyio", "h11", "certifi", "truststore", "brotli", "zstandard", "sqlite3", "markdown_it",
    "pygments", "tomlkit", "tomli_w", "jsonschema", "pathspec", "mcp", "mcp_types", "pydantic", "keyring", "uvicorn",
    "secrets", "hashlib", "tui_chat.client", "tui_chat.store", "tui_chat.tools", "tui_chat.manual",
    "tui_chat.providers", "tui_chat.transcripts", "tui_chat.plain", "tui_chat.ask", "tui_chat.ui.starting",
    "tui_chat.ui.transcript.view",
    "tui_chat.ui.commands.handlers", "tui_chat.ui.panes.model_pane", "tui_chat.ui.dialogs.choice",
}  # fmt: skip


@pytest.mark.parametrize("words", [("-m", "demo/fast"), ("--base-url", "http://127.0.0.1:9/v1")], ids=["demo", "real"])
def test_the_first_frame_waits_for_nothing_that_it_does_not_show(tmp_path: Path, words: tuple[str, ...]) -> None:
    with PtyTerminal(
        [sys.executable, "-c", FIRST_FRAME.format(words=list(words))],
        environment(tmp_path, NAMES=str(tmp_path / "names"), PYTHONPATH=":".join(sys.path)),
    ) as terminal:
        assert not terminal.wait_end(), terminal.text
    names = (tmp_path / "names").read_text().split()
    assert "tui_chat.ui.chat_screen.screen" in names
    assert NEEDED_LATER & set(names) == set()
    assert len([name for name in names if name.startswith("tui_chat")]) <= 260
