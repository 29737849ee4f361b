"""The wheel: built, installed into a fresh environment without this checkout, and started there."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.pty.pty_terminal import PtyTerminal, environment
from tui_chat.cli.version import COMMIT_FILE, checked_out_commit

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = "import hatchling.build as b, sys; print(b.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    return folder / done.stdout.split()[-1]


def test_themes_the_manual_and_the_list_of_gateways_travel_inside(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder, suffix in (("themes", ".toml"), ("tui_chat/manual", ".md"), ("tui_chat/settings", ".toml")):
        shipped = {path.name for path in (ROOT / folder).glob(f"*{suffix}")}
        assert shipped
        assert shipped <= {Path(name).name for name in names}
    assert not any(name.startswith("tests/") for name in names)


def test_the_commit_that_was_built_travels_inside(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        kept = [archive.read(name).decode().strip() for name in archive.namelist() if name == f"tui_chat/{COMMIT_FILE}"]
    assert "".join(kept) == checked_out_commit(ROOT)


def test_the_wheel_alone_has_all_that_the_program_reads(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    code = (
        f"import tui_chat; assert tui_chat.__path__ == ['{site}/tui_chat']; from tui_chat.cli.main import main; main()"
    )
    with PtyTerminal([sys.executable, "-P", "-c", code], environment(tmp_path, PYTHONPATH=str(site))) as terminal:
        terminal.wait_for("demo/guide", "ready")
        terminal.send("/help\r")
        terminal.wait_for("Getting started")
        terminal.send("\x1b")
        terminal.wait_gone("Getting started")
        terminal.send("\x04")
        assert terminal.wait_end() == 0


@pytest.mark.slow
def test_a_fresh_environment_with_the_wheel_starts_the_chat(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True, timeout=120)
    python = str(tmp_path / "venv/bin/python")
    subprocess.run([python, "-m", "pip", "install", "-q", str(wheel)], check=True, timeout=300, capture_output=True)
    program = str(tmp_path / "venv/bin/tui-chat")
    env = environment(tmp_path)
    listed = subprocess.run([program, "models"], capture_output=True, text=True, env=env, check=True, timeout=60)
    assert "demo/guide" in listed.stdout
    with PtyTerminal([program], env) as terminal:
        terminal.wait_for("demo/guide", "ready")
        terminal.send("hi\r")
        terminal.wait_for("I am the guide")
        terminal.send("\x04")
        assert terminal.wait_end() == 0
