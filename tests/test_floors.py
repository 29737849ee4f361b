"""The floors hold at run time too: what a module pulls in is what it may know; and no two modules know each other."""

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import tests.chat
import tests.workspace
import tui_chat
from tests.import_circles import find_circles, read_imports
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


@pytest.mark.parametrize("module", ["tui_chat.cli.main", "tui_chat.cli.running", "tui_chat.wiring.load"])
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


SDK = {"mcp", "mcp_types", "httpx2", "pydantic", "anyio"}


def test_tool_servers_that_are_set_up_load_no_sdk_before_one_is_started(tmp_path: Path) -> None:
    (tmp_path / "tools.toml").write_text('[mcp.one]\ncommand = ["x"]\n[mcp.two]\nurl = "http://127.0.0.1/mcp"\n')
    script = (
        "import sys\nfrom tui_chat.settings.command_line import CommandLine\nfrom tui_chat.wiring.load import load\n"
        f"services = load(CommandLine(), {{'TUI_CHAT_HOME': {str(tmp_path)!r}}}).services()\n"
        "print(len(services.servers.views), *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    count, *modules = done.stdout.split()
    assert count == "2"
    # httpx loads anyio itself.
    assert not {name.partition(".")[0] for name in modules} & (SDK - {"anyio"})


def test_without_tool_servers_nothing_of_them_is_loaded(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom tui_chat.settings.command_line import CommandLine\nfrom tui_chat.wiring.load import load\n"
        f"load(CommandLine(), {{'TUI_CHAT_HOME': {str(tmp_path)!r}}}).services()\nprint(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert "tui_chat.wiring.load" in done.stdout.split()
    assert not [name for name in done.stdout.split() if name.startswith("tui_chat.tools.servers")]


def made_up(folder: Path, **sources: str) -> Path:
    """A package `made` with these modules; two underscores in a name stand for a dot."""
    for name, source in sources.items():
        file = folder.joinpath("made", *name.split("__")).with_suffix(".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / "__init__.py").touch()
        file.write_text(source)
    return folder / "made"


LAZY = "def work():\n    from made.b import B\n    return B"
FOR_TYPES = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from made.b import B"


@pytest.mark.parametrize(
    "source", ["import made.b", "from made import b", "from made.b import B", "from made.b import *", LAZY, FOR_TYPES]
)
def test_a_circle_of_imports_is_found_however_it_is_tied(tmp_path: Path, source: str) -> None:
    package = made_up(tmp_path, a=source, b="import os\nfrom made.wing import c", wing__c="from made.a import A", d="")
    assert find_circles(read_imports(package)) == [["made.a", "made.b", "made.wing.c"]]


def test_every_circle_is_found_the_largest_first(tmp_path: Path) -> None:
    package = made_up(
        tmp_path,
        a="import made.b",
        b="import made.a",
        wing__c="import made.wing.d",
        wing__d="import made.e",
        e="from made.wing import c",
    )
    assert find_circles(read_imports(package)) == [["made.e", "made.wing.c", "made.wing.d"], ["made.a", "made.b"]]


def test_a_module_that_two_others_import_makes_no_circle(tmp_path: Path) -> None:
    package = made_up(
        tmp_path,
        a="from made import b, c\nfrom made.wing.d import D",
        b="from made import c",
        c="import made.wing",
        wing__d="from elsewhere import made",
    )
    assert find_circles(read_imports(package)) == []


def test_a_package_that_names_what_is_in_it_and_is_named_there_is_a_circle(tmp_path: Path) -> None:
    package = made_up(tmp_path, wing__c="from made.wing import NAME")
    (package / "wing" / "__init__.py").write_text("NAME = 1\nfrom made.wing.c import C")
    assert find_circles(read_imports(package)) == [["made.wing", "made.wing.c"]]


def test_no_two_modules_of_the_package_know_each_other() -> None:
    assert find_circles(read_imports(Path(tui_chat.__file__).parent)) == []
