"""A home that cannot be entered: the program works, says once that nothing will be kept, and which folder it wants."""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.cli.program import KEY
from tests.ordinary_user import SOMEBODY_ELSE, as_ordinary, can_be_somebody_elses, is_held_back
from tests.pty.pty_terminal import PtyTerminal, chat_command, environment

MODEL = "demo/fast"


def closed(home: Path) -> None:
    home.mkdir(mode=0)


def somebody_elses(home: Path) -> None:
    home.mkdir(mode=0o700)
    os.chown(home, SOMEBODY_ELSE, SOMEBODY_ELSE)


def a_file(home: Path) -> None:
    home.touch()


HOMES: Final[Mapping[str, Callable[[Path], None]]] = {
    "closed": closed,
    "somebody else's": somebody_elses,
    "a file": a_file,
}


@pytest.fixture(scope="module")
def may_test_permissions(tmp_path_factory: pytest.TempPathFactory) -> bool:
    return is_held_back(tmp_path_factory.mktemp("held"))


@pytest.fixture(params=HOMES)
def unusable(request: pytest.FixtureRequest, tmp_path: Path, may_test_permissions: bool) -> Path:
    """A home, by the name of `tui-chat` in its folder, that nobody can enter."""
    kind: str = request.param
    if kind != "a file" and not may_test_permissions:
        pytest.skip("permissions hold nobody back here")
    if kind == "somebody else's" and not can_be_somebody_elses():
        pytest.skip("only root can give a folder away")
    HOMES[kind](tmp_path / "tui-chat")
    return tmp_path / "tui-chat"


@pytest.fixture
def closed_home(tmp_path: Path, may_test_permissions: bool) -> Path:
    if not may_test_permissions:
        pytest.skip("permissions hold nobody back here")
    closed(tmp_path / "tui-chat")
    return tmp_path / "tui-chat"


def connected(home: Path, gateway_url: str) -> dict[str, str]:
    return environment(home.parent, SOLROUTER_API_KEY=KEY, SOLROUTER_BASE_URL=gateway_url)


def run(home: Path, gateway_url: str, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        as_ordinary(chat_command(*words)), env=connected(home, gateway_url), input=text, capture_output=True,
        text=True, timeout=30, check=False,
    )  # fmt: skip


def test_ask_answers_and_says_that_nothing_is_kept(unusable: Path, gateway_url: str) -> None:
    done = run(unusable, gateway_url, "ask", "-m", MODEL, "hello")
    assert done.stdout.strip()
    assert done.stderr.count("nothing will be kept") == 1
    assert str(unusable) in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 1, "the answer was to be saved"
    assert run(unusable, gateway_url, "ask", "--no-save", "-m", MODEL, "hello").returncode == 0


def test_a_plain_chat_answers_and_says_it_once(closed_home: Path, gateway_url: str) -> None:
    done = run(closed_home, gateway_url, "--plain", "-m", MODEL, text="hello\nagain\n/quit\n")
    assert done.stdout.count("nothing will be kept") == 1
    assert str(closed_home) in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_chat_on_the_screen_answers_and_says_it(closed_home: Path, gateway_url: str) -> None:
    command = as_ordinary(chat_command("-m", MODEL))
    with PtyTerminal(command, connected(closed_home, gateway_url), columns=140) as chat:
        chat.wait_for("ready", "/settings")
        chat.send("/notices\r")
        chat.wait_until(lambda: "nothing will be kept" in " ".join(chat.text.replace("│", " ").split()), "the words")
        chat.send("\x1b")
        chat.wait_for("Enter open the list")
        chat.send("hello\r")
        chat.wait_for("tok · $0.", "ready")
        chat.send("\x04")
        assert chat.wait_end() == 0
    assert b"Traceback" not in chat.output


def test_a_command_that_reads_what_was_kept_says_words_and_exits(closed_home: Path, gateway_url: str) -> None:
    done = run(closed_home, gateway_url, "history", "list")
    assert done.returncode == 1
    assert str(closed_home) in done.stderr
    assert "Traceback" not in done.stderr


def test_models_are_listed_all_the_same(closed_home: Path, gateway_url: str) -> None:
    done = run(closed_home, gateway_url, "models")
    assert done.returncode == 0
    assert MODEL in done.stdout
    assert str(closed_home) in done.stderr


def test_a_folder_that_others_can_look_into_is_no_matter_for_a_script(tmp_path: Path, gateway_url: str) -> None:
    (tmp_path / "tui-chat").mkdir(mode=0o755)
    done = subprocess.run(
        chat_command("ask", "-m", MODEL, "hello"), env=connected(tmp_path / "tui-chat", gateway_url),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
