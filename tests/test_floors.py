"""The floors hold at run time too: what a module pulls in is what it may know."""

import pkgutil
import subprocess
import sys

import pytest

import tests.chat
import tests.workspace
import tui_chat
from tui_chat import ask, chat, core, plain, providers, settings, store, terminal, transcripts, workspace

SCREEN = {"textual", "rich"}
WIRE = {"httpx", "httpcore"}


def modules_of(*packages: object) -> list[str]:
    names: list[str] = []
    for package in packages:
        path, name = package.__path__, package.__name__  # type: ignore[attr-defined]
        names += [name, *(info.name for info in pkgutil.walk_packages(path, name + "."))]
    return names


def loaded_by(modules: list[str]) -> set[str]:
    """Top-level packages in `sys.modules` of a fresh interpreter that imported these."""
    script = f"import importlib, sys\nfor m in {modules!r}: importlib.import_module(m)\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_headless_packages_load_neither_the_screen_nor_httpx() -> None:
    modules = modules_of(core, providers, settings, chat, store, terminal, transcripts, workspace, ask, plain)
    assert not loaded_by(modules) & (SCREEN | WIRE)


def test_the_open_conversation_is_tested_without_a_screen() -> None:
    # The plugins that run tests may load rich.
    assert "textual" not in loaded_by(modules_of(tests.chat, tests.workspace))


@pytest.mark.parametrize("module", ["tui_chat.cli.main", "tui_chat.cli.running", "tui_chat.wiring"])
def test_the_headless_path_never_loads_the_screen(module: str) -> None:
    assert not loaded_by([module]) & SCREEN


def test_the_client_and_the_demo_never_load_the_screen() -> None:
    names = [info.name for info in pkgutil.walk_packages(tui_chat.__path__, "tui_chat.")]
    below = [name for name in names if name.startswith(("tui_chat.client", "tui_chat.demo"))]
    assert below
    # httpx itself loads rich for its own command line where click is installed.
    assert "textual" not in loaded_by(below)


def test_the_core_loads_nothing_that_does_io() -> None:
    # msgspec itself loads uuid, to have a type for it.
    assert not loaded_by(modules_of(core)) & {"asyncio", "socket", "sqlite3", "ssl", "logging", "httpx"}
