"""What a subcommand imports: little where little is asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

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
    assert len(modules) <= 7


def test_the_settings_are_shown_without_the_network_and_the_screen(tmp_path: Path) -> None:
    modules = imported(tmp_path, "config")
    assert "tui_chat.settings.describe" in modules
    assert not {"httpx", "textual", "rich", "sqlite3", "markdown_it"} & set(modules)


def test_an_answer_without_the_screen_imports_no_screen(tmp_path: Path) -> None:
    modules = imported(tmp_path, "ask", "--base-url", "http://127.0.0.1:9/v1", "hi")
    assert "tui_chat.cli.ask" in modules
    assert "textual" not in modules
