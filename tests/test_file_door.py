"""The door for files holds: whoever reads or writes one goes through `regular_files` or `private_files`. Read from the
code, so that it holds where no test looks."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import tui_chat

PACKAGE = Path(tui_chat.__file__).parent
DOOR = {"regular_files.py", "private_files.py"}
OTHERWISE = {
    "cli/early.py": "looks at the settings before the door can be loaded, and draws nothing where it cannot",
    "cli/itself.py": "reads the help that is installed with the program",
    "terminal/early.py": "opens the terminal",
    "cli/version.py": "reads the checkout's own files; the build uses it without the rest of the package",
    "manual/__init__.py": "reads the pages that are installed with the program",
    "settings/theme_files.py": "reads the themes that are installed with the program",
    "settings/known_servers.py": "reads the list of gateways that is installed with the program",
    "store/opening.py": "makes SQLite's own file, which only SQLite opens",
    "terminal/output.py": "opens a terminal",
    "store/locks.py": "opens the files whose locks say who lives, by their folder",
    "store/gaps.py": "overwrites what SQLite left in its own file",
    "store/backup.py": "has the disk write what SQLite copied",
    "cli/streams.py": "opens the null device, and standard input anew",
    "workspace/archives.py": "lets an archive be read through what the door has opened",
    "workspace/foreign_databases.py": "lets SQLite open what the door has looked at, or a copy in a folder of its own",
    "tools/process_tree.py": "reads what the system tells of processes",
    "tools/beneath.py": "opens what lies below a folder, name by name and never through a link",
    "terminal/opener.py": "makes the file that a viewer is given",
    "plain/app.py": "opens the null device",
    "terminal/lost_output.py": "opens the null device",
}
"""Modules that open what is no file of the user's or of ours, and why."""
_CALLS = {"open", "fdopen", "read_text", "read_bytes", "write_text", "write_bytes", "open_code", "mkstemp"}
_MODULES = {"os", "io", "codecs", "gzip", "bz2", "lzma", "shelve", "tempfile"}
_READS_FILES = {"read_text", "read_bytes", "write_text", "write_bytes"}


def openings(tree: ast.Module) -> Iterator[int]:
    """Lines that open a file: `open(…)`, `os.open(…)`, and the methods of a path."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id="open"):
                yield node.lineno
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in _MODULES and name in _CALLS:
                yield node.lineno
            case ast.Attribute(attr=name) if name in _READS_FILES:
                yield node.lineno
            case ast.Attribute(attr="open") if _gives_a_mode(node):
                yield node.lineno
            case _:
                pass


def _gives_a_mode(call: ast.Call) -> bool:
    """It is a path's `open`, whose first argument is a mode; other things are opened with values of their own."""
    if any(keyword.arg in ("mode", "encoding", "buffering") for keyword in call.keywords):
        return True
    match call.args:
        case [ast.Constant(value=str(mode)), *_]:
            return set(mode) <= set("rwxabt+U")
        case _:
            return False


@cache
def modules_that_open() -> frozenset[str]:
    return frozenset(
        source.relative_to(PACKAGE).as_posix()
        for source in PACKAGE.rglob("*.py")
        if any(openings(ast.parse(source.read_text(encoding="utf-8"))))
    )


def test_files_are_opened_in_one_place() -> None:
    assert modules_that_open() - DOOR - set(OTHERWISE) == set()


def test_no_exception_to_the_rule_is_out_of_date() -> None:
    assert set(OTHERWISE) - modules_that_open() == set()


def test_the_rule_sees_every_way_to_open_a_file() -> None:
    for line in ("open(p)", "os.open(p, 0)", "p.open('rb')", "p.open(mode='r')", "p.read_bytes()", "io.open(p)"):
        assert list(openings(ast.parse(line))) == [1], line
    for line in ("dialog.open(pane)", "self.open(session)", "bodies.open(data)", "x.read()"):
        assert not list(openings(ast.parse(line))), line
